"""Files without a name: there for us and our children, and for nobody to find afterwards."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from service_kit.scratch import nameless_file

UPPER = "import sys; path = sys.argv[1]; text = open(path).read(); open(path, 'w').write(text.upper())"


def test_a_child_works_in_a_file_that_is_in_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with nameless_file() as path:
        path.write_text("photo")
        subprocess.run([sys.executable, "-c", UPPER, path], check=True)
        assert path.read_text() == "PHOTO"
        assert list(tmp_path.iterdir()) == []
    assert not path.exists()
