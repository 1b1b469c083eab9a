"""Asking an index for as long as anybody waits, and saying what an answer may miss."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

import structlog

from service_kit.db import ReadSession
from service_kit.search.keeping import state
from service_kit.search.port import IndexAway, IndexWrong, SearchIndex
from service_kit.search.questions import Answer, Question
from service_kit.search.showing.pages import After
from service_kit.search.showing.schemas import LimitedOut, Why

log = structlog.get_logger(__name__)

PATIENCE: Final = 1.8
"""Seconds; nobody waits longer for an index."""
_ENOUGH: Final = 2.0
"""Seconds, after which nobody waits for what an answer was found by."""
_LEAST: Final = 0.2
"""Seconds that are left for it, however long the index took."""
MOST_OF_ONE: Final = 2
"""Questions of one person that an index is asked at once: whoever types fast waits for their own, nobody else."""
_BEHIND: Final = 5.0
"""Seconds, after which it is said."""


# By person; who asks nothing has none.
_turns: Final = WeakValueDictionary[str, asyncio.Semaphore]()


@dataclass(frozen=True, slots=True)
class Answered:
    """What an index answered; nothing, and why, if it did not."""

    answer: Answer | None
    why: Why | None = None
    began: float = field(default_factory=time.monotonic)

    def time_left(self) -> float:
        """So many seconds may be taken to find out by what it was found."""
        return max(_LEAST, _ENOUGH - (time.monotonic() - self.began))

    async def limited(self, session: ReadSession) -> LimitedOut | None:
        """What is said of it."""
        if self.why:
            return LimitedOut(why=self.why)
        seconds = (await state.behind(session)).total_seconds()
        return LimitedOut(why=Why.BEHIND, behind_seconds=int(seconds)) if seconds > _BEHIND else None


async def ask(
    index: SearchIndex, question: Question, *, whose: str, after: After | None, limit: int
) -> Answered:
    """Ask for one more than a page of `limit` holds. Pages that began without an index go on without it.

    To whoever (`whose`) waits too long for their turn it is away.
    """
    if after and after.is_exact:
        return Answered(None, Why.AWAY)
    began = time.monotonic()
    turns = _turns.setdefault(whose, asyncio.Semaphore(MOST_OF_ONE))
    try:
        async with asyncio.timeout(PATIENCE), turns:
            answer = await index.search(question, after=after and after.place, limit=limit + 1)
            return Answered(answer, began=began)
    except (IndexAway, TimeoutError) as error:
        log.warning("search_index_away", error=repr(error))
        return Answered(None, Why.AWAY, began)
    except IndexWrong:
        return Answered(None, Why.BUILDING, began)
