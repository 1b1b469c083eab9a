"""The files of cabinet, as one tar: originals, copies, previews, reports, parts of uploads, archives.

A file is never changed once it has its name, and it is there before the row that names it. So what the database
names at one moment is among the files that are there afterwards, and what more there is, the sweep removes.
"""

import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final, NamedTuple

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


class Unpacked(NamedTuple):
    """How many files were in the tar; of these, how many were not there, and how many were there with another
    content, as a disk that was full or is failing leaves them."""

    found: int
    missing: int
    differing: int


def unpack(source: BinaryIO, folder: Path) -> Unpacked:
    """Write what is not there as it is in the tar.

    A name stands for one content for ever, so what is there with this content is left as it is. What the database
    does not name goes by the sweep, a week later: what is written has the time of now.
    """
    found = missing = differing = 0
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for member in tar:
            name = PurePosixPath(member.name)
            if not member.isreg() or name.is_absolute() or ".." in name.parts:
                raise BackupFailed(f"{member.name} is no file of a folder of files")
            found += 1
            path = folder / name
            content = tar.extractfile(member)
            assert content is not None, "it is a regular file"  # noqa: S101 - checked above
            if not path.exists():
                missing += 1
                _write(path, content)
            elif not _put_right(path, content, member.size):
                differing += 1
    return Unpacked(found, missing, differing)


def _write(path: Path, content: IO[bytes], *, after: Iterable[bytes] = ()) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(NewFile(path)) as file:
        for chunk in after:
            file.write(chunk)
        for chunk in _chunks(content):
            file.write(chunk)
        file.keep()


def _put_right(path: Path, content: IO[bytes], size: int) -> bool:
    """Put the content in the place of another; returns whether the file had it already."""
    if path.stat().st_size != size:
        _write(path, content)
        return False
    same = 0
    with path.open("rb") as file:
        for chunk in _chunks(content):
            if file.read(len(chunk)) == chunk:
                same += len(chunk)
                continue
            # The tar is read once: what was the same by here is taken from the file.
            file.seek(0)
            begin = (file.read(min(_CHUNK, same - at)) for at in range(0, same, _CHUNK))
            _write(path, content, after=chain(begin, (chunk,)))
            return False
    return True


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk


def _files(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(top, name) for name in sorted(names) if not name.startswith(UNFINISHED))
