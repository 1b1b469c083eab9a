"""The files of cabinet, as one tar: originals, copies, previews, reports, parts of uploads, archives.

A file is never changed once it has its name, and it is there before the row that names it. So what the database
names at one moment is among the files that are there afterwards, and what more there is, the sweep removes.
"""

import os
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from deploy.backup.errors import BackupFailed
from service_kit.new_files import UNFINISHED, NewFile

_CHUNK: Final = 1024 * 1024


class Packing:
    """Writes the files of a folder as a tar, and counts them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.count = 0

    def fill(self, sink: BinaryIO) -> None:
        with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for path in _files(self._folder):
                # One that was erased meanwhile is gone, and shall be.
                try:
                    with path.open("rb") as file:
                        member = tar.gettarinfo(
                            arcname=path.relative_to(self._folder).as_posix(), fileobj=file
                        )
                        member.uid = member.gid = 0
                        member.uname = member.gname = ""
                        tar.addfile(member, file)
                except FileNotFoundError:
                    continue
                self.count += 1


def unpack(source: BinaryIO, folder: Path) -> tuple[int, int]:
    """Write what is not there yet; returns how many files were in the tar, and how many of them were written.

    A name stands for one content for ever, so what is there is left as it is. What the database does not name
    goes by the sweep, a week later: what is written has the time of now.
    """
    found = written = 0
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for member in tar:
            name = PurePosixPath(member.name)
            if not member.isreg() or name.is_absolute() or ".." in name.parts:
                raise BackupFailed(f"{member.name} is no file of a folder of files")
            found += 1
            path = folder / name
            if path.exists():
                continue
            content = tar.extractfile(member)
            assert content is not None, "it is a regular file"  # noqa: S101 - checked above
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(NewFile(path)) as file:
                while chunk := content.read(_CHUNK):
                    file.write(chunk)
                file.keep()
            written += 1
    return found, written


def _files(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(top, name) for name in sorted(names) if not name.startswith(UNFINISHED))
