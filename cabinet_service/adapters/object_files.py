"""Files in a bucket of an object store that speaks S3."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from cabinet_service.adapters.files import CHUNK, DRAFT_BUFFER, LISTING_BATCH, check_key
from cabinet_service.ports import FileMissing, StoreAway
from cabinet_service.settings import Settings
from service_kit import failpoints
from service_kit.scratch import nameless_file

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Config
    from typing_extensions import Buffer

# Larger files are sent in so many pieces at a time, and are there when the last one is confirmed.
_PIECE: Final = 8 * 1024 * 1024
_PIECES_AT_ONCE: Final = 4
# Threads of our own: while the store does not answer, nobody else shall wait for one.
_THREADS: Final = 32
_PROBES: Final = "probes/"
_PROBE: Final = f"{_PROBES}check"

Checked = TypeVar("Checked")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where it is, and what we are known by there. Without an `endpoint` it is Amazon's, of that region; without
    a `key_id` the machine says who we are (a role, or a token of the cluster's).
    """

    address: str
    """`s3://bucket`, or `s3://bucket/folder`."""
    endpoint: str = ""
    region: str = "us-east-1"
    key_id: str = ""
    secret_key: str = field(default="", repr=False)


def bucket_of(settings: Settings) -> Bucket:
    """The one that the settings name."""
    return Bucket(
        address=settings.files_url,
        endpoint=settings.files_endpoint,
        region=settings.files_region,
        key_id=settings.files_key_id,
        secret_key=settings.files_secret_key,
    )


class ObjectFileStore:
    """A FileStore. An object is there when the store has confirmed all of it, and the SHA-256 that it was signed
    with is compared there: so it is there whole or not at all.

    Whatever the store cannot do now is StoreAway, once it was tried for `patience`.
    """

    def __init__(self, bucket: Bucket, *, patience: timedelta = timedelta(seconds=10)) -> None:
        parts = urlsplit(bucket.address)
        folder = parts.path.strip("/")
        self._prefix = f"{folder}/" if folder else ""
        self._store = _open(parts.netloc, bucket, patience)
        # The library's own coroutines may end the process by a signal when they end with it: they hand over to
        # Python from threads that know nothing of its end.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="files")

    @asynccontextmanager
    async def draft(self, key: str) -> AsyncGenerator["_Draft"]:
        path = self._path(key)
        with nameless_file() as scratch:
            draft = _Draft(scratch, partial(self._send, path), self._threads)
            try:
                yield draft
            finally:
                await draft.drop()

    async def put(self, key: str, source: Path) -> None:
        await self._run(partial(self._send, self._path(key), source))

    async def open(self, key: str) -> AsyncIterator[bytes]:
        chunks = await self._run(partial(self._read, self._path(key)))
        return self._each(chunks)

    async def fetch(self, key: str, target: Path) -> None:
        await self._run(partial(self._fetch, self._path(key), target))

    async def exists(self, key: str) -> bool:
        return await self.size(key) is not None

    async def size(self, key: str) -> int | None:
        """How many bytes there are of it; None if it is not there."""
        return await self._run(partial(self._size, self._path(key)))

    async def delete(self, key: str) -> None:
        await self._run(partial(self._delete, self._path(key)))

    async def kept_before(self, instant: datetime, *, under: str = "") -> AsyncIterator[str]:
        batches = iter(self._store.list(self._prefix + under or None, chunk_size=LISTING_BATCH))
        while batch := await self._run(partial(_next_batch, batches)):
            for kept in batch:
                key = kept["path"].removeprefix(self._prefix)
                if kept["last_modified"] < instant and not key.startswith(_PROBES):
                    yield key

    async def check(self) -> None:
        await self._run(self._check)

    def close(self) -> None:
        """No call is begun after this; those under way come to their end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _path(self, key: str) -> str:
        return self._prefix + check_key(key)

    async def _run(self, call: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def _each(self, chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
        while chunk := await self._run(partial(next, chunks, b"")):
            yield chunk

    def _send(self, path: str, source: Path) -> None:
        failpoints.reach(failpoints.Point.FILE_WRITTEN)
        try:
            # Opened here: that there is no such file says nothing about the bucket.
            with source.open("rb") as file, _store_is_here(path):
                self._store.put(path, file, chunk_size=_PIECE, max_concurrency=_PIECES_AT_ONCE)
        except FileMissing:
            raise StoreAway(f"{path}: there is no such bucket") from None
        failpoints.reach(failpoints.Point.FILE_KEPT)

    def _read(self, path: str) -> Iterator[bytes]:
        with _store_is_here(path):
            found = self._store.get(path)
        return _chunks(path, iter(found.stream(min_chunk_size=CHUNK)))

    def _fetch(self, path: str, target: Path) -> None:
        chunks = self._read(path)
        with target.open("wb") as file:
            file.writelines(chunks)

    def _size(self, path: str) -> int | None:
        try:
            with _store_is_here(path):
                return self._store.head(path)["size"]
        except FileMissing:
            return None

    def _delete(self, path: str) -> None:
        try:
            with _store_is_here(path):
                self._store.delete(path)
        except FileMissing:
            return

    def _check(self) -> None:
        # It is asked every few seconds: an object that is there is looked at, and written where there is none.
        probe = f"{self._prefix}{_PROBE}"
        if self._size(probe) is not None:
            return
        try:
            with _store_is_here(probe):
                self._store.put(probe, b"probe")
        except FileMissing:
            raise StoreAway(f"{probe}: there is no such bucket") from None


class _Draft:
    """A Draft, which lies in a file without a name on this machine until it is kept."""

    def __init__(self, scratch: Path, send: Callable[[Path], None], threads: ThreadPoolExecutor) -> None:
        self._scratch = scratch
        self._send = send
        self._threads = threads
        self._held = bytearray()
        # Whoever is cancelled leaves a thread behind: the file must not be closed under it.
        self._lock = threading.Lock()
        self._has_thread = self._is_over = False

    async def write(self, data: bytes | memoryview) -> None:
        self._held += data
        if len(self._held) >= DRAFT_BUFFER:
            await self._run(self._write)

    async def keep(self, check: Callable[[Path], Checked]) -> Checked:
        return await self._run(partial(self._keep, check))

    async def drop(self) -> None:
        """Return when nobody reads or writes the file any more."""
        if self._has_thread:
            await asyncio.shield(self._run(self._end))

    def _run(self, call: Callable[[], Answer]) -> asyncio.Future[Answer]:
        self._has_thread = True
        return asyncio.get_running_loop().run_in_executor(self._threads, call)

    def _write(self) -> None:
        with self._lock:
            self._write_held()

    def _keep(self, check: Callable[[Path], Checked]) -> Checked:
        with self._lock:
            self._write_held()
            checked = check(self._scratch)
            self._send(self._scratch)
            return checked

    def _write_held(self) -> None:
        if self._is_over:
            raise ValueError("a draft that is over")
        with self._scratch.open("ab") as file:
            file.write(self._held)
        self._held = bytearray()

    def _end(self) -> None:
        with self._lock:
            self._is_over = True


def _open(name: str, bucket: Bucket, patience: timedelta) -> S3Store:
    config: S3Config = {"region": bucket.region}
    if bucket.endpoint:
        config["endpoint"] = bucket.endpoint
    if bucket.key_id:
        config["access_key_id"], config["secret_access_key"] = bucket.key_id, bucket.secret_key
    return S3Store(
        name,
        config=config,
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=3),
            # Of silence, and of the whole: somebody may read a photo over a bad line.
            "read_timeout": timedelta(seconds=30),
            "timeout": timedelta(minutes=20),
        },
        retry_config={
            "max_retries": 4,
            "retry_timeout": patience,
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=2),
                "base": 2,
            },
        },
    )


def _next_batch(batches: Iterator[Sequence["ObjectMeta"]]) -> Sequence["ObjectMeta"]:
    with _store_is_here("listing"):
        return next(batches, ())


def _chunks(path: str, stream: Iterator["Buffer"]) -> Iterator[bytes]:
    with _store_is_here(path):
        for chunk in stream:
            yield bytes(chunk)


@contextmanager
def _store_is_here(path: str) -> Generator[None]:
    """Around what is asked of the store: raises FileMissing or StoreAway for what its library raises."""
    try:
        yield
    except FileNotFoundError:
        raise FileMissing(path) from None
    except BaseError as error:
        # Only the first line: in the others the library repeats what it was answered.
        raise StoreAway(f"{path}: {str(error).partition(chr(10))[0]}") from None
