"""One promise of indexes, held by every engine: what is written, and into which copy one looks."""

from dataclasses import replace
from uuid import UUID

import pytest

from service_kit.search.documents import MOST_NAMES, Name, NameKind, Removal, TextField
from service_kit.search.port import IndexWrong, Outcome, SearchIndex
from service_kit.search.questions import Fit, Question, Term, Words
from tests.ports import search_cases
from tests.ports.engines_of_search import (
    Copy,
    about,
    copy,
    genuine_elasticsearch,
    index,
    name,
    numbers,
    postgres_index,
)
from tests.ports.search_cases import BEGUN, plain

__all__ = ["copy", "genuine_elasticsearch", "index", "postgres_index"]


async def found_in(index: SearchIndex) -> list[int]:
    live = await index.live()
    assert live is not None
    await index.refresh(live)
    answer = await index.search(Question(owner=None), after=None, limit=50)
    return [hit.place.id.int for hit in answer.hits]


async def test_of_two_versions_the_greater_one_is_right_whichever_comes_last(copy: Copy) -> None:
    new, old = plain(1, version=7, texts=about("k7")), plain(1, version=6, texts=about("k6"))
    assert await copy.write(new) == [Outcome.TAKEN]
    assert await copy.write(old) == [Outcome.OLDER]
    assert await copy.write(new) == [Outcome.OLDER]
    assert await copy.fits(Words(("k7",))) == {1: Fit.WORD}
    assert await copy.fits(Words(("k6",))) == {}

    assert await copy.write(replace(old, version=8)) == [Outcome.TAKEN]
    assert await copy.fits(Words(("k7",))) == {}
    assert await copy.fits(Words(("k6",))) == {1: Fit.WORD}


async def test_what_was_removed_stays_so_whatever_older_comes(copy: Copy) -> None:
    one = plain(1, version=5)
    assert await copy.write(Removal(one.id, 4)) == [Outcome.TAKEN]
    assert await copy.write(one) == [Outcome.TAKEN]
    assert await copy.write(Removal(one.id, 6)) == [Outcome.TAKEN]
    assert await copy.write(one) == [Outcome.OLDER]
    assert (await copy.found(Question(owner=None))).total == 0
    assert await copy.index.versions(copy.number, after=None, limit=5) == []

    assert await copy.write(replace(one, version=7)) == [Outcome.TAKEN]
    assert (await copy.found(Question(owner=None))).total == 1


async def test_one_that_is_refused_keeps_no_other_from_being_taken(copy: Copy) -> None:
    bad = [
        plain(1, owner="\x00"),
        plain(2, owner=""),
        plain(3, facets={"verdict": frozenset({"\ud800"})}),
        plain(4, facets={"ver=dict": frozenset({"clean"})}),
        plain(5, names=name("A B")),
        plain(6, names=name("")),
        plain(7, names=name("A" * 65)),
        plain(8, names=frozenset(Name(NameKind.NUMBER, f"A{one}") for one in range(MOST_NAMES + 1))),
        plain(9, version=-1),
        plain(10, version=2**63),
        plain(11, at=BEGUN.replace(tzinfo=None)),
    ]
    outcomes = await copy.write(plain(20), *bad, plain(21))
    assert outcomes == [Outcome.TAKEN, *[Outcome.REFUSED] * len(bad), Outcome.TAKEN]
    refused = (await copy.index.write(copy.number, bad))[0]
    assert refused.why
    assert {hit.place.id.int for hit in (await copy.found(Question(owner=None))).hits} == {20, 21}


async def test_any_text_can_be_written_and_much_of_it(copy: Copy) -> None:
    long = "слово " * 20_000
    texts = {
        TextField.ABOUT: "".join(search_cases.NASTY),
        TextField.NOTES: long,
        TextField.ANSWER: "x" * 100_000,
        TextField.MESSAGES: " ".join(f"w{number}9" for number in range(9000)),
    }
    assert await copy.write(plain(1, texts=texts)) == [Outcome.TAKEN]
    assert await copy.fits(Words(("слова",))) == {1: Fit.WORD}
    assert await copy.fits(Words(("w8999",))) == {1: Fit.WORD}
    assert await copy.fits(Words(("x" * 100,))) == {1: Fit.WORD}
    assert await copy.fits(Words(("w88",), is_begun=True)) == {1: Fit.WORD}


async def test_nothing_is_written_to_nothing(copy: Copy) -> None:
    assert await copy.write() == []


# Copies


async def test_a_copy_is_looked_into_once_it_is_published(index: SearchIndex) -> None:
    old, new = next(numbers), next(numbers)
    for number in (old, new):
        await index.create(number)
    await index.write(old, [plain(1)])
    await index.publish(old)
    await index.write(new, [plain(2)])
    assert await index.live() == old
    assert {old, new} <= set(await index.copies())
    assert await found_in(index) == [1]

    await index.publish(new)
    await index.publish(new)
    assert await index.live() == new
    assert await found_in(index) == [2]
    await index.check()

    await index.create(new)  # changes nothing
    assert await found_in(index) == [2]

    await index.drop(old)
    await index.drop(old)
    assert old not in await index.copies()
    assert await found_in(index) == [2]
    await index.drop(new)
    assert await index.live() is None


async def test_a_copy_that_is_not_there_is_wrong(index: SearchIndex) -> None:
    gone = next(numbers)
    await index.create(gone)
    await index.publish(gone)
    await index.drop(gone)
    for asked in (
        index.check(),
        index.publish(gone),
        index.write(gone, [plain(1)]),
        index.refresh(gone),
        index.versions(gone, after=None, limit=1),
        index.search(Question(owner=None), after=None, limit=1),
        index.search(Question(owner=None, terms=(Term((Words(("?",)),)),)), after=None, limit=1),
    ):
        with pytest.raises(IndexWrong):
            await asked


async def test_a_number_that_is_used_again_is_an_empty_copy(index: SearchIndex) -> None:
    number = next(numbers)
    await index.create(number)
    await index.write(number, [plain(1)])
    await index.drop(number)
    await index.create(number)
    assert await index.versions(number, after=None, limit=1) == []
    await index.drop(number)


async def test_versions_are_told_in_the_order_of_ids(copy: Copy) -> None:
    documents = search_cases.documents(25, seed=3)
    await copy.write(*documents)
    await copy.write(Removal(documents[0].id, 100))
    told: list[tuple[UUID, int]] = []
    while page := await copy.index.versions(copy.number, after=told[-1][0] if told else None, limit=7):
        told += page
    assert told == sorted((one.id, one.version) for one in documents[1:])
