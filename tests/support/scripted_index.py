"""An index that answers as a test says, whatever it is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from service_kit.search.port import IndexAway, IndexWrong
from service_kit.search.questions import Answer, Hit, Place, Question
from tests.support.kept_index import KeptIndex


@dataclass
class ScriptedIndex(KeptIndex):
    """`places` are what answers any question; `asked` is what was asked, the last thing last. `hangs`: it never
    answers.
    """

    places: list[Place] = field(default_factory=list[Place])
    counts: dict[str, tuple[tuple[str, int], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, int], ...]]
    )
    hangs: bool = False
    before_answer: Callable[[], Awaitable[None]] | None = None
    asked: list[Question] = field(default_factory=list[Question])

    async def search(self, question: Question, *, after: Place | None, limit: int) -> Answer:
        self.asked.append(question)
        if self.before_answer is not None:
            await self.before_answer()
        if self.hangs:
            await asyncio.Event().wait()
        if self.away:
            raise IndexAway
        if self.wrong:
            raise IndexWrong("as the test says")
        ordered = sorted(self.places, reverse=True)
        left = [Hit(place, 1) for place in ordered if after is None or place < after]
        return Answer(hits=tuple(left[:limit]), total=len(ordered), counts=self.counts)
