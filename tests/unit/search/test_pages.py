"""Pages of what an index and the tables know, whatever the two say of the same thing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from service_kit.search.questions import Fit, Place
from service_kit.search.showing.pages import After, cursor_of, merged, read_cursor

IDS = st.integers(0, 11).map(lambda number: UUID(int=number))
MOMENTS = st.integers(0, 3).map(lambda minute: datetime(2026, 3, 2, 12, minute, tzinfo=UTC))


@example(
    # Two of which the tables say otherwise, and one behind them of which they say nothing.
    {
        UUID(int=number): (5, datetime(2026, 3, 2, 12, minute, tzinfo=UTC))
        for number, minute in enumerate((1, 1, 0))
    },
    {UUID(int=number): datetime(2026, 3, 2, 12, tzinfo=UTC) for number in range(2)},
    1,
)
@given(
    st.dictionaries(IDS, st.tuples(st.integers(1, 6), MOMENTS)),
    st.dictionaries(IDS, MOMENTS),
    st.integers(1, 5),
)
def test_pages_have_each_once_in_order_and_end(
    of_index: dict[UUID, tuple[int, datetime]], of_tables: dict[UUID, datetime], limit: int
) -> None:
    hits = sorted((Place(fit, at, id_) for id_, (fit, at) in of_index.items()), reverse=True)
    exact = sorted((Place(Fit.WHOLE, at, id_) for id_, at in of_tables.items()), reverse=True)
    shown: list[Place] = []
    after: Place | None = None
    for _ in range(len(hits) + len(exact) + 1):
        left, known = (
            [one for one in places if after is None or one < after][: limit + 1] for places in (hits, exact)
        )
        page = merged(left, known, named=of_tables, limit=limit)
        assert len(page.places) <= limit
        shown += page.places
        after = page.more_after
        if after is None:
            break
    assert after is None
    assert shown == sorted([*exact, *(one for one in hits if one.id not in of_tables)], reverse=True)


@given(st.integers(0, 60), MOMENTS, IDS, st.booleans(), st.text())
def test_a_cursor_says_where_its_pages_go_on(
    fit: int, at: datetime, id_: UUID, is_exact: bool, asked: str
) -> None:
    after = After(Place(fit, at + timedelta(microseconds=1), id_), is_exact)
    assert read_cursor(cursor_of(after, asked), asked) == after
