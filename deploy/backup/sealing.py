"""Sealing with age: what a backup is made with can close it, and only the key file opens it again.

age seals in pieces of 64 KiB, each with its place, so that a stream is opened as it comes, and one that was cut
short, changed or put together otherwise is told from a whole one.
"""

import hashlib
import io
import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io
from pyrage.x25519 import Identity, Recipient

from deploy.backup.errors import Refused

_PUBLIC: Final = "# public key: "
_SECRET: Final = "AGE-SECRET-KEY-"  # noqa: S105 - how the line of a key begins
_CHUNK: Final = 1024 * 1024

Fill = Callable[[BinaryIO], object]
"""Writes what a part is to hold."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file: its size and SHA-256 as it lies there, and how many bytes it holds opened."""

    size: int
    sha256: str
    opened_size: int


def make_key(path: Path) -> str:
    """Write a new key file, for its owner alone; returns its public key. Raises FileExistsError.

    The file is as `age-keygen` writes it, so that age itself opens what is sealed for it.
    """
    identity = Identity.generate()
    public = str(identity.to_public())
    made = f"# created: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n{_PUBLIC}{public}\n{identity}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return public


def public_key(given: str) -> Recipient:
    """Whom to seal for: a public key (`age1…`), or the key file that has one. Raises Refused."""
    text = given.strip()
    if not text.startswith("age1"):
        text = next(
            (line.removeprefix(_PUBLIC) for line in _lines(Path(given)) if line.startswith(_PUBLIC)), ""
        )
    try:
        return Recipient.from_str(text)
    except RecipientError:
        raise Refused(f"{given} is neither a public key (age1…) nor a key file that names its own") from None


def secret_key(path: Path) -> Identity:
    """What opens what was sealed for its public key. Raises Refused."""
    try:
        return Identity.from_str(next((line for line in _lines(path) if line.startswith(_SECRET)), ""))
    except IdentityError:
        raise Refused(f"{path} is no key file: it has no line that begins with {_SECRET}") from None


def seal(path: Path, recipient: Recipient, fill: Fill) -> Sealed:
    """Write what `fill` writes, sealed, as a new file that is on the disk when this returns."""
    with path.open("xb") as file, _reading(fill) as source:
        sink, content = _Hashing(file), _Counting(source)
        encrypt_io(content, sink, [recipient])
        file.flush()
        os.fsync(file.fileno())
    return Sealed(size=sink.count, sha256=sink.digest.hexdigest(), opened_size=content.count)


def check_opens(path: Path, identity: Identity) -> None:
    """Refuse what was not sealed for this key. Reads the beginning, and no more than that."""
    try:
        with path.open("rb") as file:
            decrypt_io(file, _Enough(), [identity])
    except _EnoughRead:
        return
    except (DecryptError, OSError) as error:
        raise Refused(f"{path.name} was sealed for another key: {error}") from None


@contextmanager
def opened(path: Path, identity: Identity) -> Generator[BinaryIO]:
    """What the file holds, as a stream. Raises Refused, at the end at the latest, if it is not whole."""

    def fill(sink: BinaryIO) -> None:
        try:
            with path.open("rb") as file:
                decrypt_io(file, cast("io.BufferedIOBase", sink), [identity])
        except BrokenPipeError:
            raise
        except (DecryptError, OSError) as error:  # pyrage says the second of what is cut short or changed
            raise Refused(f"{path.name} is not whole, or was changed: {error}") from None

    with _reading(fill) as source:
        yield source


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(secret: bytes) -> str:
    """By which a secret is known again, and which tells nobody what it is."""
    return hashlib.sha256(b"fingerprint of a root secret\n" + secret).hexdigest()[:16]


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"the key file {path} cannot be read: {error}") from None


@contextmanager
def _reading(fill: Fill) -> Generator[BinaryIO]:
    """What `fill` writes in a thread of its own, to read as it comes. What it raises is raised at the end."""
    reading, writing = os.pipe()
    raised: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb", buffering=_CHUNK) as sink:
                fill(sink)
        except BrokenPipeError:
            pass  # whoever read has stopped, and says why
        except BaseException as error:  # noqa: BLE001 - it is raised below, where somebody waits
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb", buffering=_CHUNK) as source:
            yield source
            source.read()  # whatever is left, so that its end is seen
    finally:
        thread.join()
    if raised:
        raise raised[0]


class _Counting(io.BufferedIOBase):
    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source
        self.count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._source.read(-1 if size is None else size)
        self.count += len(data)
        return data


class _Hashing(io.BufferedIOBase):
    def __init__(self, sink: BinaryIO) -> None:
        super().__init__()
        self._sink = sink
        self.digest = hashlib.sha256()
        self.count = 0

    def write(self, data: Any, /) -> int:
        self.digest.update(data)
        self.count += len(data)
        return self._sink.write(data)

    def flush(self) -> None:
        self._sink.flush()


class _EnoughRead(Exception):
    """The beginning was opened."""


class _Enough(io.BufferedIOBase):
    def write(self, _data: Any, /) -> int:
        raise _EnoughRead
