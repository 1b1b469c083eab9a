"""Whatever a file holds, it is either taken and previewed or refused with a code: nothing else happens."""

import resource
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from cabinet_service.photos.intake import examine
from cabinet_service.photos.preview import make_preview
from cabinet_service.photos.refusal import PhotoRefused
from tests.unit.photos.hostile import bases, hostile_files

CODES = {
    "photo_truncated",
    "photo_type_unknown",
    "photo_too_small",
    "photo_too_many_pixels",
    "photo_animated",
    "photo_polyglot",
    "photo_undecodable",
    "photo_empty",
}


def peak_memory() -> int:
    """The most memory this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def verdict(content: bytes, folder: Path) -> str:
    """The code of the refusal, or `taken`. A taken file has a whole preview, a refused one none."""
    original, target = folder / "original", folder / "preview"
    original.write_bytes(content)
    target.unlink(missing_ok=True)
    try:
        examine(original)
        make_preview(original, target)
    except PhotoRefused as refused:
        assert sorted(folder.iterdir()) == [original]
        return refused.code
    with Image.open(target) as image:
        image.load()
        assert not image.getexif()
    return "taken"


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow remarks on damaged EXIF
def test_files_that_mean_harm_are_refused_or_previewed(tmp_path: Path) -> None:
    for name, content in bases().items():
        assert verdict(content, tmp_path) == "taken", name
    before = peak_memory()
    verdicts: Counter[str] = Counter()
    for name, content in hostile_files(rounds=2):
        found = verdict(content, tmp_path)
        assert found in CODES | {"taken"}, name
        verdicts[found] += 1
    assert verdicts.total() >= 500
    # Each defence was met, or the files are not hostile enough to show anything.
    assert CODES - {"photo_empty", "photo_animated"} <= verdicts.keys(), verdicts
    assert peak_memory() - before < 200 * 1024 * 1024
