"""Files to work in that have no name on the disk: however the process ends, nothing of them is left."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

OPEN_FILES: Final = Path("/proc/self/fd")


@contextmanager
def nameless_file() -> Generator[Path]:
    """An empty file, as a path at which this process finds it while the block runs, and its children do."""
    if OPEN_FILES.is_dir():
        with tempfile.TemporaryFile() as file:
            yield OPEN_FILES.parent.parent / str(os.getpid()) / "fd" / str(file.fileno())
    else:  # on systems that show no process its open files, it has a name until the block ends
        with tempfile.NamedTemporaryFile() as file:
            yield Path(file.name)
