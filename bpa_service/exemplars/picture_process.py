"""Writes pictures anew in a process of its own: a file that crashes or hangs a decoder harms nothing else."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from bpa_service.exemplars.pictures import MAX_FILE_BYTES, PictureRefused, rewrite
from service_kit.scratch import nameless_file
from service_kit.side_process import BroughtDown, SideProcess, answer_questions

# The largest pictures that pictures.py allows need some 850 MiB beside the interpreter and its libraries.
MEMORY_LIMIT: Final = 2 * 1024**3
IDLE_SECONDS: Final = 60.0
TIME_LIMIT_SECONDS: Final = 60.0
_CHUNK: Final = 256 * 1024


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
        self.process: Final = SideProcess(__spec__.name, seconds=seconds)

    async def rewritten(self, upload: BinaryIO) -> Picture:
        """What is kept of the upload. Raises PictureRefused, or `Interrupted` when another try may succeed."""
        with nameless_file() as original, nameless_file() as target:
            sha256 = await asyncio.to_thread(_copy, upload, original)
            try:
                answer: dict[str, Any] = await self.process.ask([str(original), str(target)])
            except BroughtDown as down:
                raise PictureRefused("picture_undecodable") from down
            if "refused" in answer:
                raise PictureRefused(answer["refused"], **answer["params"])
            width, height = answer["size"]
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


def _answer(question: list[str]) -> dict[str, Any]:
    upload, target = question
    try:
        return {"size": rewrite(Path(upload), Path(target))}
    except PictureRefused as refusal:
        return {"refused": refusal.code, "params": refusal.params}
    except MemoryError:
        return {"refused": "picture_undecodable", "params": {}}


if __name__ == "__main__":
    answer_questions(_answer, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS)
