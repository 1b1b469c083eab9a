"""Previews made in a process of their own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cabinet_service.photos.refusal import UNDECODABLE, PhotoRefused
from service_kit.decoding import Decoder

# Named, not imported: the decoders are for that process alone.
MODULE: Final = "cabinet_service.photos.preview"
TIME_LIMIT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class PreviewFacts:
    """A preview that was written. `perceptual_hash` is 128 bits as hexadecimal digits, or empty (`PhotoHash`).

    `incomplete` says that a part of the picture is missing in the file: it is grey in the preview.
    """

    width: int
    height: int
    size: int
    perceptual_hash: str
    incomplete: bool


class PreviewProcess:
    """Makes one preview at a time."""

    def __init__(self, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.process: Final = Decoder(MODULE, seconds=seconds, refused=PhotoRefused, undecodable=UNDECODABLE)

    async def make(self, original: Path, target: Path) -> PreviewFacts:
        """As `preview.make_preview`. Raises PhotoRefused or Interrupted."""
        return PreviewFacts(**await self.process.decoded([str(original), str(target)]))

    async def hash(self, preview: Path) -> str:
        """As `preview.hash_of`. Raises PhotoRefused or Interrupted."""
        hashed: str = await self.process.decoded([str(preview)])
        return hashed

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()
