"""Files to work in that have no name on the disk: however the process ends, nothing of them is left."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def nameless_file() -> Generator[Path]:
    """An empty file, as a path at which this process finds it while the block runs, and its children do."""
    with tempfile.TemporaryFile() as file:
        yield Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
