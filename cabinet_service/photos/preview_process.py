"""Previews made in a process of their own."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from cabinet_service.photos.preview import PreviewFacts, make_preview
from cabinet_service.photos.refusal import PhotoRefused
from service_kit.side_process import BroughtDown, Interrupted, SideProcess, answer_questions

# The largest photos that limits.py allows need about 400 MiB beside the interpreter and its libraries.
MEMORY_LIMIT: Final = 2 * 1024**3
IDLE_SECONDS: Final = 60.0
TIME_LIMIT_SECONDS: Final = 60.0


class PreviewProcess:
    """Makes one preview at a time."""

    def __init__(self, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.process: Final = SideProcess(__spec__.name, seconds=seconds)

    async def make(self, original: Path, target: Path) -> PreviewFacts:
        """As `preview.make_preview`. Raises PhotoRefused or Interrupted."""
        try:
            answer: dict[str, Any] = await self.process.ask([str(original), str(target)])
        except BroughtDown as down:
            raise PhotoRefused("photo_undecodable") from down
        if "refused" in answer:
            raise PhotoRefused(answer["refused"])
        if "error" in answer:
            raise Interrupted(answer["error"])
        return PreviewFacts(**answer)

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()


def _answer(question: list[str]) -> dict[str, Any]:
    original, target = question
    try:
        return asdict(make_preview(Path(original), Path(target)))
    except PhotoRefused as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "photo_undecodable"}
    except OSError as error:
        return {"error": repr(error)}


if __name__ == "__main__":
    answer_questions(_answer, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS)
