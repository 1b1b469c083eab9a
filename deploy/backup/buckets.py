"""Finished backups in a bucket that speaks S3, away from the machine that they are of.

Who we are there, and where it is if it is not Amazon's, is said by the variables that every tool for S3 reads:
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL.
"""

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from deploy.backup import manifest, sealing
from deploy.backup.errors import BackupFailed, Refused
from deploy.backup.manifest import Part
from deploy.backup.taking import UNFINISHED
from service_kit.new_files import sync_folder

Say = Callable[[str], None]

# Of 5 MB at least, and of 10,000 at most, by S3's own rules: with these one part may have 640 GB.
_PIECE: Final = 64 * 1024 * 1024
_PIECES_AT_ONCE: Final = 2


def send(folder: Path, address: str, say: Say) -> str:
    """Copy a whole backup into a bucket (`s3://bucket/folder`); returns its address there.

    Its manifest is sent last, so a copy that has one is whole. What is there already is not sent again: broken
    off, it goes on where it was. Raises Refused as long as nothing was sent, and BackupFailed afterwards.
    """
    said = manifest.read(folder)
    store = _store(address)
    for part in said.parts:
        path = folder / _plain(part)
        if not path.is_file() or path.stat().st_size != part.size:
            raise Refused(f"{path} is not what the manifest says: `check` tells more")
    with _in_the_middle(address):
        for part in said.parts:
            key = f"{folder.resolve().name}/{part.file}"
            there = _size(store, key) == part.size
            if not there:
                with (folder / part.file).open("rb") as file:
                    store.put(key, file, chunk_size=_PIECE, max_concurrency=_PIECES_AT_ONCE)
            say(f"{part.file}: {part.size:,} bytes{' were there' if there else ''}")
        store.put(f"{folder.resolve().name}/{manifest.NAME}", (folder / manifest.NAME).read_bytes())
    return f"{address.rstrip('/')}/{folder.resolve().name}"


def fetch(address: str, to: Path, say: Say) -> Path:
    """Copy a backup (`s3://bucket/folder/2026-11-30T101559Z`) out of a bucket, into a new folder of `to`.

    Returns it once all of it is on the disk and is what was written. Raises Refused; then no folder is left.
    """
    above, _, name = address.rstrip("/").rpartition("/")
    whole, folder = to / name, to / f"{UNFINISHED}{name}"
    if whole.exists():
        raise Refused(f"{whole} is there already")
    store = _store(above)
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)  # of a time that was broken off
        folder.mkdir(mode=0o700)
        _fetch(store, name, folder, say)
        folder.rename(whole)
        sync_folder(to)
    except OSError as error:
        raise Refused(f"{error.filename or to}: {error.strerror}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return whole


def _fetch(store: S3Store, name: str, folder: Path, say: Say) -> None:
    _write(store, f"{name}/{manifest.NAME}", folder / manifest.NAME)
    for part in manifest.read(folder).parts:
        path = folder / _plain(part)
        _write(store, f"{name}/{part.file}", path)
        if sealing.digest_of(path) != part.sha256:
            raise Refused(f"{part.file} is not what was written: its SHA-256 differs")
        say(f"{part.file}: {part.size:,} bytes")
    sync_folder(folder)


def _store(address: str) -> S3Store:
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc:
        raise Refused(f"{address} is no address of a bucket: s3://bucket, or s3://bucket/folder")
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    try:
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "read_timeout": timedelta(minutes=1),
                # Of one request: a piece over a slow line.
                "timeout": timedelta(minutes=30),
            },
        )
    except (BaseError, ValueError) as error:
        raise Refused(_first_line(error)) from None


def _plain(part: Part) -> str:
    """The name of its file. A manifest is read before anybody knows whose it is."""
    if Path(part.file).name != part.file:
        raise Refused(f"{part.file} is no name of a part")
    return part.file


def _size(store: S3Store, key: str) -> int | None:
    try:
        return store.head(key)["size"]
    except FileNotFoundError:
        return None


def _write(store: S3Store, key: str, path: Path) -> None:
    """Each piece is a request of its own, as when it was sent: a part may take longer than a line lasts."""
    try:
        size = store.head(key)["size"]
        with path.open("xb") as file:
            for start in range(0, size, _PIECE):
                file.write(store.get_range(key, start=start, end=min(start + _PIECE, size)))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        raise Refused(f"{key} is not in the bucket") from None
    except BaseError as error:
        raise Refused(_first_line(error)) from None


@contextmanager
def _in_the_middle(address: str) -> Generator[None]:
    try:
        yield
    except FileNotFoundError:  # what is asked for is answered by what it is put into
        raise BackupFailed(f"there is no bucket for {address}") from None
    except (BaseError, OSError) as error:
        raise BackupFailed(f"{_first_line(error)}\nWhat was sent is not sent again") from None


def _first_line(error: Exception) -> str:
    """In the others the library repeats what it was answered."""
    return str(error).partition("\n")[0]
