"""An index is asked as long as anybody waits, and by nobody so often that others wait for them."""

import asyncio
from typing import Final

import pytest

from service_kit.search.questions import Answer, Question
from service_kit.search.showing import patience
from service_kit.search.showing.patience import MOST_OF_ONE, Answered, ask
from service_kit.search.showing.schemas import Why
from tests.support.scripted_index import ScriptedIndex

QUESTION: Final = Question(owner=None)


class Busy(ScriptedIndex):
    """An index that answers once the test says so, and knows how many it is asked at once."""

    def __init__(self) -> None:
        super().__init__(before_answer=self._wait)
        self.may_answer = asyncio.Event()
        self.under_way = self.most = 0

    async def _wait(self) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self.may_answer.wait()
        finally:
            self.under_way -= 1


def asking(index: ScriptedIndex, whose: str) -> asyncio.Task[Answered]:
    return asyncio.create_task(ask(index, QUESTION, whose=whose, after=None, limit=1))


async def turned() -> None:
    """Until everybody has gone as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_of_one_person_few_questions_are_asked_at_once_and_each_has_its_turn() -> None:
    index = Busy()
    tasks = [asking(index, "anna") for _ in range(MOST_OF_ONE + 3)]
    await turned()
    assert index.under_way == MOST_OF_ONE
    tasks.append(asking(index, "vera"))
    await turned()
    assert index.under_way == MOST_OF_ONE + 1
    index.may_answer.set()
    assert all(one.answer == Answer(hits=(), total=0, counts={}) for one in await asyncio.gather(*tasks))
    assert index.most == MOST_OF_ONE + 1


async def test_to_whoever_waits_too_long_for_their_turn_the_index_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    index = Busy()
    answers = await asyncio.gather(*(asking(index, "anna") for _ in range(MOST_OF_ONE + 3)))
    assert {one.why for one in answers} == {Why.AWAY}
    assert index.most == MOST_OF_ONE
    index.may_answer.set()
    assert (await asking(index, "anna")).why is None
