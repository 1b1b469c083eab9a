"""Writes pictures anew in a process of its own: a file that crashes or hangs a decoder harms nothing else."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from service_kit.decoding import Decoder, FileRefused
from service_kit.scratch import nameless_file

# Named, not imported: the decoders are for that process alone.
MODULE: Final = "bpa_service.exemplars.pictures"
MAX_FILE_BYTES: Final = 15 * 1024 * 1024
TIME_LIMIT_SECONDS: Final = 60.0
UNDECODABLE: Final = "picture_undecodable"
_CHUNK: Final = 256 * 1024


class PictureRefused(FileRefused):
    """picture_empty; picture_too_large (most); picture_type_unknown;
    picture_too_many_pixels (width, height, most_pixels); picture_undecodable.
    """


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept, a JPEG; `sha256` is hex, of the file that was uploaded."""

    content: bytes
    width: int
    height: int
    sha256: str


class PictureProcess:
    """Writes one picture at a time anew. Keeps nothing."""

    def __init__(self, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.process: Final = Decoder(
            MODULE, seconds=seconds, refused=PictureRefused, undecodable=UNDECODABLE
        )

    async def rewritten(self, upload: BinaryIO) -> Picture:
        """What is kept of the upload. Raises PictureRefused, or `Interrupted` when another try may succeed."""
        with nameless_file() as original, nameless_file() as target:
            sha256 = await asyncio.to_thread(_copy, upload, original)
            width, height = await self.process.decoded([str(original), str(target)])
            return Picture(await asyncio.to_thread(target.read_bytes), width, height, sha256)

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()


def _copy(upload: BinaryIO, target: Path) -> str:
    """Returns the SHA-256. Raises PictureRefused for a file that is empty or too large."""
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    with target.open("wb") as file:
        while chunk := upload.read(_CHUNK):
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                raise PictureRefused("picture_too_large", most=MAX_FILE_BYTES)
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise PictureRefused("picture_empty")
    return digest.hexdigest()
