"""Files on disk for the examination of photos."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

Saved = Callable[[bytes], Path]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Puts bytes into a file whose name says nothing."""
    numbers = count()

    def save(content: bytes) -> Path:
        path = tmp_path / f"upload-{next(numbers)}"
        path.write_bytes(content)
        return path

    return save
