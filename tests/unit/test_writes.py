"""Which writes go together in one statement, and what the statement says."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service_kit.writes import Batch, Write, batches

TABLES = ("cars", "keys", "notes")


@st.composite
def some_writes(draw: st.DrawFn) -> list[Write]:
    def write(number: int) -> Write:
        verb = draw(st.sampled_from(("INSERT", "UPDATE", "DELETE")))
        return Write(
            f"{verb} {number}",
            [number],
            frozenset(draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=2))),
            gives=draw(st.sampled_from(((), (), ("id",)))),
            refers_to=frozenset(draw(st.lists(st.sampled_from(TABLES), max_size=1))),
        )

    return [write(number) for number in range(draw(st.integers(0, 8)))]


@given(some_writes())
def test_all_are_sent_once_and_in_their_order(writes: list[Write]) -> None:
    assert [one for batch in batches(writes) for one in batch.writes] == writes


@given(some_writes())
def test_none_goes_with_another_that_it_may_depend_on(writes: list[Write]) -> None:
    for batch in batches(writes):
        new: set[str] = set()
        touched: set[str] = set()
        for one in batch.writes:
            assert touched.isdisjoint(one.tables), "two rows of one table, in no certain order"
            assert new.isdisjoint(one.refers_to), "a row that no policy sees yet"
            touched |= one.tables
            if one.sql.startswith("INSERT"):
                new |= one.tables
        assert len(batch.writes) == 1 or not any(one.gives for one in batch.writes), "whose rows came back?"


@given(some_writes())
def test_as_many_go_together_as_can(writes: list[Write]) -> None:
    found = list(batches(writes))
    for before, after in pairwise(found):
        assert not before.takes(after.writes[0])


def test_one_by_itself_is_sent_as_it_is() -> None:
    assert statement(Write("UPDATE cars SET x = $1 RETURNING 1", [7], frozenset(("cars",)))) == (
        "UPDATE cars SET x = $1 RETURNING 1",
        [7],
    )


def test_what_writes_many_rows_goes_by_itself() -> None:
    many = Write("INSERT INTO cars", [*range(20_000)], frozenset(("cars",)))
    more = Write("INSERT INTO notes", [*range(20_000)], frozenset(("notes",)))
    few = Write("INSERT INTO keys", [1], frozenset(("keys",)))
    assert [len(batch.writes) for batch in batches((few, many, more))] == [1, 1, 1]


def test_places_of_values_and_names_of_parts_move() -> None:
    first = Write("INSERT INTO cars VALUES ($1, $2) RETURNING 1", [1, 2], frozenset(("cars",)))
    second = Write(
        "INSERT INTO notes SELECT $2, n FROM @0, @written AS w RETURNING 1",
        [3, 4],
        frozenset(("notes",)),
        before=("INSERT INTO numbers VALUES ($1) RETURNING n",),
    )
    sql, values = statement(first, second)
    assert sql == (
        "WITH write_0 AS (INSERT INTO cars VALUES ($1, $2) RETURNING 1), "
        "write_1_0 AS (INSERT INTO numbers VALUES ($3) RETURNING n), "
        "write_1 AS (INSERT INTO notes SELECT $4, n FROM write_1_0, (SELECT 1 FROM write_0) AS w RETURNING 1) "
        "SELECT (SELECT count(*) FROM write_0), (SELECT count(*) FROM write_1)"
    )
    assert values == [1, 2, 3, 4]


def statement(*writes: Write) -> tuple[str, list[object]]:
    batch = Batch()
    for one in writes:
        assert batch.takes(one)
        batch.add(one)
    return batch.statement()
