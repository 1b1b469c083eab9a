"""How often the case that is meant comes first, or among the first five, on each engine.

It takes a minute for each engine, and so is not among what `make test` runs: see `conftest`.
"""

from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pytest

from service_kit.pool import Pool
from service_kit.search.asking import question as asking
from service_kit.search.port import Outcome, SearchIndex
from service_kit.search.postgres.index import PostgresIndex
from service_kit.search.questions import Question
from tests.ports.elasticsearch import elastic_index, needs_elasticsearch
from tests.search_relevance import corpus, judged
from tests.search_relevance.judged import IDENTIFIERS, Judged
from tests.support import postgres

TODAY: Final = date(2026, 11, 29)
AT_ONCE: Final = 500
FIRST: Final = 5
FEWEST_ASKED: Final = 200
ALL: Final = frozenset({*IDENTIFIERS, "Russian, inflected", "two facts"})
ENGINES: Final = [
    pytest.param(("postgres_index", IDENTIFIERS, 0.9), id="postgresql"),
    pytest.param(("genuine_elasticsearch", ALL, 0.95), id="elasticsearch", marks=needs_elasticsearch),
]
"""Each with the kinds of questions that it is held to, and how often."""


@dataclass
class Score:
    """Of one kind of questions."""

    asked: int = 0
    first: int = 0
    among_five: int = 0
    missed: list[str] = field(default_factory=list[str])

    @property
    def at_five(self) -> float:
        return self.among_five / self.asked


@dataclass(frozen=True)
class Held:
    """An engine, and to what it is held."""

    engine: str
    index: SearchIndex
    kinds: frozenset[str]
    goal: float


@pytest.fixture(scope="module")
async def postgres_index(postgres_url: str) -> AsyncGenerator[SearchIndex]:
    template = await postgres.make_template(postgres_url, "bpa")
    async with postgres.copy_of(postgres_url, template) as url:
        pool = Pool(postgres.as_service(url))
        index = PostgresIndex(pool)
        yield index
        await index.close()
        await pool.close()


async def scores_of(index: SearchIndex) -> dict[str, Score]:
    cases = corpus.cases()
    await index.create(1)
    for begin in range(0, len(cases), AT_ONCE):
        some = [case.document() for case in cases[begin : begin + AT_ONCE]]
        written = await index.write(1, some)
        assert {one.outcome for one in written} == {Outcome.TAKEN}
    await index.refresh(1)
    await index.publish(1)
    scores: defaultdict[str, Score] = defaultdict(Score)
    for question in judged.questions(cases):
        await ask(index, question, scores[question.kind])
    return scores


async def ask(index: SearchIndex, question: Judged, score: Score) -> None:
    asked = asking.read(question.typed, today=TODAY)
    answer = await index.search(Question(owner=corpus.OWNER, terms=asked.terms), after=None, limit=FIRST)
    found = [hit.place.id for hit in answer.hits]
    score.asked += 1
    score.first += found[:1] == [question.meant]
    score.among_five += question.meant in found
    if question.meant not in found:
        score.missed.append(question.typed)


def table(engine: str, scores: dict[str, Score]) -> str:
    lines = [f"{engine}: {'kind of question':<22} asked  at 1  at 5"]
    for kind, score in scores.items():
        first = score.first / score.asked
        lines.append(
            f"{engine}: {kind:<22} {score.asked:5}  {first:.2f}  {score.at_five:.2f}  {score.missed}"
        )
    return "\n".join(lines)


@pytest.fixture(scope="module")
async def genuine_elasticsearch() -> AsyncGenerator[SearchIndex]:
    async with elastic_index(["make", "year"]) as index:
        yield index


@pytest.fixture(params=ENGINES)
def held(request: pytest.FixtureRequest) -> Held:
    name, kinds, goal = request.param
    return Held(name, request.getfixturevalue(name), kinds, goal)


async def test_what_is_meant_is_among_the_first_five(held: Held, capsys: pytest.CaptureFixture[str]) -> None:
    scores = await scores_of(held.index)
    with capsys.disabled():
        print(f"\n{table(held.engine, scores)}")  # noqa: T201 - what the run is for
    assert sum(score.asked for score in scores.values()) >= FEWEST_ASKED
    short = {
        kind: (score.at_five, score.missed) for kind, score in scores.items() if score.at_five < held.goal
    }
    assert not short.keys() & held.kinds, short
