"""Files on their way to their place: there whole or not at all, whatever ends the process that writes them."""

import errno
import os
from pathlib import Path
from typing import Final

from service_kit import failpoints
from service_kit.ids import new_id
from service_kit.scratch import OPEN_FILES

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What an OSError says where the disk is full."""
UNFINISHED: Final = "."
"""What the names of files begin with that are being written, where a file must have a name."""

# Of file systems that have no files without a name, and of kernels.
_NO_NAMELESS_FILES: Final = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT})


class NewFile:
    """A file on its way to its `path`. It has no name before it is complete, where the system has such files:
    then a killed process leaves nothing of it. It lies beside the path, because names are only given within one
    file system.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = path.with_name(f"{UNFINISHED}{new_id()}")
        self._named = not OPEN_FILES.is_dir()
        if not self._named:
            try:
                self._descriptor = os.open(path.parent, os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0o600)
            except OSError as error:
                if error.errno not in _NO_NAMELESS_FILES:
                    raise
                self._named = True
        if self._named:
            self._descriptor = os.open(self._name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    @property
    def readable(self) -> Path:
        """Where this process can read it."""
        return self._name if self._named else OPEN_FILES / str(self._descriptor)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append. Raises OSError, with errno ENOSPC when there is no room."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def keep(self) -> None:
        """Have it at its path, whatever is there; it survives a power cut."""
        failpoints.reach(failpoints.Point.FILE_WRITTEN)
        os.fsync(self._descriptor)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if not self._named:
                os.link(self.readable, self._name.name, dst_dir_fd=folder)
                self._named = True
            self._name.replace(self._path)
            self._named = False
            os.fsync(folder)
        finally:
            os.close(folder)
        failpoints.reach(failpoints.Point.FILE_KEPT)

    def close(self) -> None:
        """Leave nothing that was not kept."""
        os.close(self._descriptor)
        if self._named:
            self._name.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have the names in the folder on the disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
