"""By its lexemes every document is found that answers: what else is found is looked at once more."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from service_kit.search.documents import Document, Name, NameKind
from service_kit.search.names import fit, has_run
from service_kit.search.postgres import lexemes
from service_kit.search.questions import Fit, NamePattern

AT: Final = datetime(2026, 3, 1, tzinfo=UTC)
KEYS: Final = st.text(alphabet="0O1ABД", min_size=1, max_size=17)
# With a piece of the key often enough.
ASKED: Final = KEYS.flatmap(
    lambda key: st.tuples(
        st.just(key),
        st.tuples(st.integers(0, len(key) - 1), st.integers(1, 17)).map(
            lambda ends: key[ends[0] : ends[0] + ends[1]]
        )
        | st.text(alphabet="0O1ABД?*", min_size=1, max_size=18)
        | st.lists(st.integers(0, 16), max_size=4).map(
            lambda places: "".join("?" if at in places else c for at, c in enumerate(key))
        )
        | st.integers(0, 17).map(lambda at: key[:at] + "*"),
    )
)


def document(key: str = "A", at: datetime = AT) -> Document:
    return Document(
        id=UUID(int=1),
        version=1,
        owner="o",
        at=at,
        names=frozenset({Name(NameKind.NUMBER, key)}),
        facets={"verdict": frozenset({"clean", "it's"})},
    )


@given(ASKED)
def test_a_name_that_fits_has_all_pieces_of_what_was_asked(both: tuple[str, str]) -> None:
    key, asked = both
    pattern = NamePattern(asked)
    assume(not pattern.is_pattern or has_run(asked))
    found = fit(pattern, key)
    pieces = lexemes.pieces(pattern)
    has_all = {lexeme for lexeme, _ in pieces} <= set(lexemes.of_document(document(key)))
    assert pieces
    # The text that stands for a piece says the same of the name.
    assert has_all == all(text in f";n:{key};" for _, text in pieces)
    if found not in {None, Fit.MISTAKEN}:
        assert has_all


@given(KEYS, KEYS, st.integers(0, 17))
def test_a_name_one_mistake_away_has_something_in_common(key: str, other: str, one: int) -> None:
    swapped = key[:one] + key[one : one + 2][::-1] + key[one + 2 :]
    for asked in (other, key[:one] + key[one + 1 :], key[:one] + other[:1] + key[one:], swapped):
        if fit(NamePattern(asked), key) is Fit.MISTAKEN:
            assert lexemes.nearly(asked) & set(lexemes.of_document(document(key)))


_moments: Final = st.datetimes(
    min_value=AT.replace(year=1990, tzinfo=None),
    max_value=AT.replace(year=2110, tzinfo=None),
    timezones=st.just(UTC),
)


@given(st.none() | _moments, st.none() | _moments, _moments)
def test_what_is_of_a_time_is_found_by_it(
    since: datetime | None, until: datetime | None, at: datetime
) -> None:
    assume((since is None or since <= at) and (until is None or at < until))
    times = lexemes.of_times(since, until)
    if since is None and until is None:
        assert times == []
    else:
        assert set(times) & set(lexemes.of_document(document(at=at)))


def test_a_month_is_found_by_itself_and_years_by_themselves() -> None:
    assert lexemes.of_times(AT, AT.replace(day=31)) == [">2026-3"]
    assert set(lexemes.of_times(AT.replace(month=11), AT.replace(year=2029, month=2))) == {
        *(">2026-11", ">2026-12", ">2027", ">2028", ">2029-1", ">2029-2")
    }
    assert set(lexemes.of_times(AT.replace(year=2018, month=12), AT.replace(year=2041, month=1))) == {
        *(">2018-12", ">2019", ">202", ">203", ">2040", ">2041-1")
    }
    assert len(lexemes.of_times(AT, None)) < 40


def test_what_is_no_word_is_no_part_of_a_query() -> None:
    assert lexemes.any_of(["/verdict=it's", "/a\\b"]) == "'/a\\\\b' | '/verdict=it''s'"
    assert lexemes.all_of(["b", "a"]) == "'a' & 'b'"
    assert lexemes.any_of([]) == "'!'"
    assert {"@o", "/verdict=clean", "/verdict=it's", "=A", "^A", ">202", ">2026", ">2026-3"} == set(
        lexemes.of_document(document())
    )
