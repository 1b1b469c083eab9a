"""One promise of indexes, held by every engine: what is found.

Each engine is compared with what `MemoryIndex` answers, which is the promise written out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service_kit.ids import new_id
from service_kit.search.documents import Document, Name, NameKind, Removal, TextField
from service_kit.search.questions import Fit, Hit, NamePattern, Question, Term, Words
from tests.ports import search_cases
from tests.ports.engines_of_search import (
    MANY,
    VIN,
    Copy,
    about,
    copy,
    full,
    genuine_elasticsearch,
    index,
    name,
    postgres_index,
)
from tests.ports.search_cases import BEGUN, OWNERS, plain

__all__ = ["copy", "full", "genuine_elasticsearch", "index", "postgres_index"]


# Searching: each rule by itself


@pytest.mark.parametrize(
    ("typed", "fit"),
    [
        (VIN, Fit.WHOLE),
        ("X", Fit.END),
        ("XT", Fit.END),
        ("XTA21124", Fit.END),
        ("5432", Fit.END),
        ("432", Fit.END),
        ("32", None),
        ("124", Fit.PART),
        ("11240Y2", Fit.PART),
        ("240Y27654", Fit.PART),
        ("XTA211240Y2765431", Fit.MISTAKEN),
        ("XTA211240Y2765423", Fit.MISTAKEN),
        ("XTA21124OYZ7654E2", Fit.MISTAKEN),
        ("XTA21124Y2765432", Fit.MISTAKEN),
        ("TA211240Y2765432", Fit.END),
        ("XTA2112400Y2765432", Fit.MISTAKEN),
        ("AXTA211240Y2765432", Fit.MISTAKEN),
        ("TXA211240Y2765432", Fit.MISTAKEN),
        ("TXA211240Y2765423", None),
        ("XTA21***0Y27654?2", Fit.PART),
        ("XTA2112?0Y27654?2", Fit.WHOLE),
        ("?T?2?1??0?2?6?4??", None),
        ("?T?2?1??0?2?65432", Fit.WHOLE),
        ("?TA?1?2?0?2?65432", Fit.WHOLE),
        ("*5432", Fit.PART),
        ("XTA*", Fit.PART),
        ("*", None),
        ("?????????????????", None),
        ("xta211240y2765432", None),
    ],
)
async def test_how_well_a_name_fits(copy: Copy, typed: str, fit: Fit | None) -> None:
    await copy.write(plain(1, names=name(VIN)), plain(2, names=name("WVWZZZ1KZAW000001")))
    expected = {} if fit is None else {1: fit}
    assert await copy.fits(NamePattern(typed)) == expected
    assert await copy.fits(NamePattern(typed, frozenset({NameKind.NUMBER, NameKind.PLATE}))) == expected
    assert await copy.fits(NamePattern(typed, frozenset({NameKind.PHONE}))) == {}


async def test_a_pattern_does_not_go_on_from_one_name_to_the_next(copy: Copy) -> None:
    both = frozenset({Name(NameKind.NUMBER, "ABCD1234"), Name(NameKind.PLATE, "EFGH5678")})
    await copy.write(plain(1, names=both))
    for typed in ("ABCD*5678", "1234EFGH", "CD1234EF", "ABCD????????????"):
        assert await copy.fits(NamePattern(typed)) == {}


async def test_a_term_fits_by_the_best_of_its_alternatives_and_all_terms_must_fit(copy: Copy) -> None:
    await copy.write(plain(1, names=name(VIN), texts=about("skoda 5432")), plain(2, texts=about("5432")))
    either = Term((Words(("5432",)), NamePattern("5432")))
    one = await copy.found(Question(owner=None, terms=(either,)))
    assert [(hit.place.id.int, hit.place.fit) for hit in one.hits] == [(1, Fit.END), (2, Fit.WORD)]
    both = await copy.found(Question(owner=None, terms=(either, Term((Words(("skoda",)),)))))
    assert [(hit.place.id.int, hit.place.fit) for hit in both.hits] == [(1, Fit.END + Fit.WORD)]


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        (Words(("кузов",)), True),
        (Words(("автомобиль",)), True),
        (Words(("ПЕРЕБИТЫЙ",)), True),
        (Words(("engines",)), True),
        (Words(("stamp",)), True),
        (Words(("зелёный",)), True),
        (Words(("номер", "кузова")), True),
        (Words(("кузова", "номер")), False),
        (Words(("номеров", "кузов")), True),
        (Words(("перебит", "кузов")), False),
        (Words(("номер", "куз"), is_begun=True), True),
        (Words(("куз",), is_begun=True), True),
        (Words(("куз",)), False),
        (Words(("зеле",), is_begun=True), True),
        (Words(("автомобилем",), is_begun=True), True),
        (Words(("kuzov",), is_begun=True), False),
        (Words(("audi",)), True),
        (Words(("vw", "audi")), True),
        (Words(("VW/Audi",)), True),
        (Words(("3", "0")), True),
        (Words(("кузов",), fields=frozenset({TextField.FINDINGS})), True),
        (Words(("кузов",), fields=frozenset({TextField.NOTES, TextField.ABOUT})), False),
        (Words(("зеленый", "перебитый")), False),
        (Words(("!",)), False),
        (Words(("🚗",)), False),
    ],
)
async def test_words_are_found_in_any_form_and_in_their_order(
    copy: Copy, asked: Words, is_found: bool
) -> None:
    texts = {
        TextField.ABOUT: "VW/Audi 3.0, зелёный",
        TextField.FINDINGS: "Перебитые номера кузова на автомобилях; stamped engine",
    }
    await copy.write(plain(1, texts=texts), plain(2, texts=about("другое")))
    assert await copy.fits(asked) == ({1: Fit.WORD} if is_found else {})


async def test_a_word_of_another_field_goes_on_in_none(copy: Copy) -> None:
    await copy.write(plain(1, texts={TextField.ABOUT: "k1", TextField.PEOPLE: "k2"}))
    assert await copy.fits(Words(("k1", "k2"))) == {}


async def test_counts_of_a_facet_are_as_if_nothing_were_chosen_in_it(copy: Copy) -> None:
    def made(number: int, verdict: str, make: str) -> Document:
        return plain(
            number, facets={"verdict": frozenset({verdict}), "make": frozenset({make})}, texts=about("k1")
        )

    await copy.write(
        *(made(number, "clean", "SKODA") for number in range(1, 4)),
        *(made(number, "fake", "SKODA") for number in range(4, 6)),
        *(made(number, "fake", "LADA") for number in range(6, 7)),
        plain(7),
    )
    asked = Question(
        owner=None,
        terms=(Term((Words(("k1",)),)),),
        facets={"verdict": frozenset({"fake", "unknown"})},
        counting=("verdict", "make", "year"),
    )
    answer = await copy.found(asked)
    assert answer.total == 3
    assert answer.counts == {
        "verdict": (("clean", 3), ("fake", 3)),
        "make": (("SKODA", 2), ("LADA", 1)),
        "year": (),
    }
    nothing = replace(asked, facets={"verdict": frozenset({"unknown"}), "make": frozenset({"LADA"})})
    assert (await copy.found(nothing)).counts == {"verdict": (("fake", 1),), "make": (), "year": ()}
    assert (await copy.found(replace(asked, facets={"make": frozenset()}))).total == 0


async def test_of_a_facet_the_most_frequent_values_are_told(copy: Copy) -> None:
    await copy.write(
        *(plain(number, facets={"model": frozenset({f"{number % 25:02}"})}) for number in range(1, 46))
    )
    [(_, told)] = (await copy.found(Question(owner=None, counting=("model",)))).counts.items()
    assert told == tuple((f"{number:02}", 2) for number in range(1, 21))


async def test_since_is_meant_and_until_is_not(copy: Copy) -> None:
    await copy.write(*(plain(number) for number in range(1, 6)))
    asked = Question(owner=None, since=BEGUN + timedelta(minutes=2), until=BEGUN + timedelta(minutes=4))
    assert [hit.place.id.int for hit in (await copy.found(asked)).hits] == [3, 2]


async def test_nobody_finds_what_is_anothers(copy: Copy) -> None:
    await copy.write(plain(1, owner="anna", names=name(VIN)), plain(2, owner="boris", names=name(VIN)))
    for typed in (VIN, "5432", "211240", "XTA211240Y2765423", "XTA*"):
        assert (await copy.fits(NamePattern(typed), owner="boris")).keys() == {2}
        assert await copy.fits(NamePattern(typed), owner="ann") == {}


# Searching: everything together, compared with the promise


async def all_pages(copy: Copy, question: Question, *, limit: int) -> list[Hit]:
    hits: list[Hit] = []
    while True:
        answer = await copy.index.search(question, after=hits[-1].place if hits else None, limit=limit)
        hits += answer.hits
        if not answer.hits:
            return hits


@settings(max_examples=150)
@given(question=search_cases.questions)
async def test_any_question_is_answered_as_promised(full: Copy, question: Question) -> None:
    await full.found(question)


@settings(max_examples=40)
@given(question=search_cases.questions, limit=st.integers(30, MANY))
async def test_pages_lose_nothing_and_show_nothing_twice(full: Copy, question: Question, limit: int) -> None:
    promised = await full.promised.search(question, after=None, limit=MANY)
    assert tuple(await all_pages(full, question, limit=limit)) == promised.hits


@settings(max_examples=150)
@given(
    question=search_cases.questions | search_cases.nasty_questions,
    owner=search_cases.owners,
)
async def test_no_question_returns_another_owners_document(
    full: Copy, question: Question, owner: str
) -> None:
    theirs = await full.promised.search(Question(owner=owner), after=None, limit=MANY)
    own = {hit.place.id for hit in theirs.hits}
    answer = await full.index.search(replace(question, owner=owner), after=None, limit=MANY)
    assert {hit.place.id for hit in answer.hits} <= own
    assert answer.total <= len(own)
    assert all(number <= len(own) for numbers in answer.counts.values() for _, number in numbers)


@settings(max_examples=150)
@given(question=search_cases.nasty_questions)
async def test_nothing_that_is_typed_is_an_error(full: Copy, question: Question) -> None:
    answer = await full.index.search(question, after=None, limit=10)
    assert answer.counts.keys() == set(question.counting)


@pytest.mark.parametrize("nasty", search_cases.NASTY)
async def test_what_nobody_could_mean_finds_nothing_of_others(full: Copy, nasty: str) -> None:
    for alternative in (NamePattern(nasty), Words((nasty,)), Words((nasty, nasty), is_begun=True)):
        question = Question(owner=nasty, terms=(Term((alternative,)),), facets={nasty: frozenset({nasty})})
        assert (await full.index.search(question, after=None, limit=1)).total == 0


async def test_a_place_that_is_gone_is_gone_on_from(copy: Copy) -> None:
    documents: Sequence[Document] = [plain(number) for number in range(1, 6)]
    await copy.write(*documents)
    first = await copy.found(Question(owner=None), limit=2)
    newer = replace(documents[0], id=new_id(), owner=OWNERS[1])
    await copy.write(Removal(UUID(int=4), 2), newer)
    rest = await copy.found(Question(owner=None), after=first.hits[-1].place)
    assert [hit.place.id for hit in rest.hits] == [UUID(int=3), UUID(int=2), newer.id, UUID(int=1)]
