"""The audit log is a chain: whatever is done to an entry behind its back is found."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import structlog
from sqlalchemy import select, text

from service_kit import audit, audit_chain, live
from service_kit.audit_chain import ChainBroken, Head
from service_kit.db import Database
from tests.service.kit.conftest import NOW, AuditEntry

SUBJECT = UUID(int=7)


async def act(database: Database, *names: str, **details: Any) -> None:
    async with database.writing() as session:
        for name in names:
            audit.record(session, name, by=None, now=NOW, subject_id=SUBJECT, details=details)


async def head(database: Database, anchor: Head | None = None) -> Head:
    async with database.reading() as session:
        return await audit_chain.verify(session, AuditEntry, anchor=anchor)


async def broken_at(database: Database, anchor: Head | None = None) -> int:
    with pytest.raises(ChainBroken) as broken:
        await head(database, anchor)
    return broken.value.position


async def tamper(database: Database, *statements: str) -> None:
    """As somebody does to whom the whole database belongs."""
    async with database.pool.writing() as session:
        await session.fetch("SET LOCAL session_replication_role = replica")  # no trigger fires
        for statement in statements:
            await session.fetch(statement)


async def acts(database: Database) -> Sequence[str]:
    async with database.reading() as session:
        return (await session.scalars(select(AuditEntry.act).order_by(AuditEntry.position))).all()


@pytest.fixture
async def ten(database: Database) -> Head:
    """Ten entries; returns the head."""
    for number in range(10):
        await act(database, f"act_{number}", number=number)
    return await head(database)


async def test_an_untouched_log_is_good(database: Database, ten: Head) -> None:
    assert ten.position == 10
    assert await head(database, anchor=ten) == ten


async def test_an_empty_log_is_good(database: Database) -> None:
    assert (await head(database)).position == 0


INSERT = "INSERT INTO audit_entries (position, at, actor_name, act, details, hash) VALUES"
FOURTH = "WHERE position = 4"

# What is done, and the first entry that then is not what was written.
TAMPERING = {
    "another act": (f"UPDATE audit_entries SET act = 'another' {FOURTH}", 4),
    "another name": (f"UPDATE audit_entries SET actor_name = 'Eve' {FOURTH}", 4),
    "another actor": (f"UPDATE audit_entries SET actor_id = gen_random_uuid() {FOURTH}", 4),
    "no subject": (f"UPDATE audit_entries SET subject_id = NULL {FOURTH}", 4),
    "a microsecond later": (f"UPDATE audit_entries SET at = at + interval '1 microsecond' {FOURTH}", 4),
    "other details": (f"UPDATE audit_entries SET details = '{{\"number\": 3.0}}' {FOURTH}", 4),
    "another hash": (f"UPDATE audit_entries SET hash = sha256('x') {FOURTH}", 4),
    "details swapped": (
        """UPDATE audit_entries a SET details = b.details FROM audit_entries b
        WHERE (a.position, b.position) IN ((4, 5), (5, 4))""",
        4,
    ),
    "places swapped": (
        """UPDATE audit_entries SET position = position - 9 WHERE position IN (4, 5);
        UPDATE audit_entries SET position = CASE position WHEN -5 THEN 5 ELSE 4 END WHERE position < 0""",
        4,
    ),
    "the first removed": ("DELETE FROM audit_entries WHERE position = 1", 1),
    "one removed": (f"DELETE FROM audit_entries {FOURTH}", 4),
    "one removed, the rest moved up": (
        f"""DELETE FROM audit_entries {FOURTH};
        UPDATE audit_entries SET position = position - 1 WHERE position > 4""",
        4,
    ),
    "one put in": (
        f"""UPDATE audit_entries SET position = position + 100 WHERE position > 4;
        UPDATE audit_entries SET position = position - 99 WHERE position > 4;
        {INSERT} (5, now(), 'system', 'made_up', '{{}}', sha256('x'))""",
        5,
    ),
    "one put on the end": (f"{INSERT} (11, now(), 'system', 'made_up', '{{}}', sha256('x'))", 11),
}


@pytest.mark.parametrize(("statements", "position"), TAMPERING.values(), ids=TAMPERING.keys())
@pytest.mark.usefixtures("ten")
async def test_whatever_was_done_to_an_entry_is_found(
    database: Database, statements: str, position: int
) -> None:
    await tamper(database, *statements.split(";"))

    assert await broken_at(database) == position


async def test_that_the_end_was_cut_off_shows_against_an_anchor(database: Database, ten: Head) -> None:
    await tamper(database, "DELETE FROM audit_entries WHERE position > 8")

    assert (await head(database)).position == 8  # a shorter chain is a chain
    assert await broken_at(database, anchor=ten) == 9


async def test_that_everything_was_made_anew_shows_against_an_anchor(database: Database, ten: Head) -> None:
    await tamper(database, "DELETE FROM audit_entries WHERE position > 8")
    for number in (8, 90, 10):
        await act(database, f"act_{number}", number=number)

    assert (await head(database)).position == 11
    assert await broken_at(database, anchor=ten) == 10


@pytest.mark.parametrize("text", ["", "7", "0:" + "00" * 32, "7:00", "seven:" + "00" * 32, "7:" + "0g" * 32])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - argparse knows this one and no other
        Head.parse(text)


def test_an_anchor_is_read_as_it_is_written() -> None:
    anchor = Head(12, b"\xab" * 32)

    assert Head.parse(str(anchor)) == anchor


async def test_ten_thousand_entries_are_good(database: Database) -> None:
    for hundred in range(100):
        await act(database, *(f"act_{hundred}_{number}" for number in range(100)))

    assert (await head(database)).position == 10_000


async def test_writers_that_race_make_one_unbroken_chain(database: Database) -> None:
    async def say_and_act(number: int) -> None:
        async with database.writing() as session:
            audit.record(session, f"act_{number}", by=None, now=NOW)
            audit.record(session, f"act_{number}_too", by=None, now=NOW)
            for audience in ("desk", "account:1"):
                live.announce(session, audience=audience, kind="changed", subject_id=SUBJECT)

    await asyncio.gather(*(say_and_act(number) for number in range(40)))

    assert (await head(database)).position == 80
    written = await acts(database)
    assert [f"{first}_too" for first in written[::2]] == list(written[1::2])


async def test_a_transaction_that_fails_leaves_neither_an_entry_nor_a_gap(database: Database) -> None:
    await act(database, "first")

    with pytest.raises(RuntimeError):
        async with database.writing() as session:
            audit.record(session, "undone", by=None, now=NOW)
            audit.hold(session)
            await session.flush()
            raise RuntimeError
    await act(database, "second")

    assert await acts(database) == ["first", "second"]
    assert (await head(database)).position == 2


async def test_what_a_failed_attempt_recorded_is_undone_with_it(database: Database) -> None:
    async with database.writing() as session:
        audit.record(session, "before", by=None, now=NOW)
        with pytest.raises(RuntimeError):
            async with audit.attempt(session):
                audit.record(session, "undone", by=None, now=NOW)
                raise RuntimeError
        async with audit.attempt(session):
            audit.record(session, "after", by=None, now=NOW)

    assert await acts(database) == ["before", "after"]


async def test_a_transaction_knows_who_it_has_recorded_last(database: Database) -> None:
    async with database.writing() as session:
        assert audit.last_actor(session, SUBJECT) is None
        audit.record(session, "first", by=None, now=NOW, subject_id=SUBJECT)
        audit.record(session, "second", by=None, now=NOW, subject_id=UUID(int=8))

        assert audit.last_actor(session, SUBJECT) == audit.SYSTEM


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET act = 'another' WHERE position = 4",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ],
)
async def test_the_database_refuses_to_change_the_log(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match="the audit log only grows"):
        async with database.writing() as session:
            await session.execute(text(statement))

    assert (await head(database)).position == 10


@pytest.mark.usefixtures("ten")
async def test_nobody_can_choose_the_place_or_the_hash_of_an_entry(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text(f"{INSERT} (3, now(), 'system', 'made_up', '{{}}', sha256('x'))"))

    assert (await head(database)).position == 11
    assert (await acts(database))[-1] == "made_up"


async def test_the_head_is_noted_in_the_log_of_the_process(database: Database) -> None:
    with structlog.testing.capture_logs() as logs:
        async with database.writing() as session:
            await audit_chain.note_head(session, NOW, table=AuditEntry)
        await act(database, "first")
        async with database.writing() as session:
            await audit_chain.note_head(session, NOW, table=AuditEntry)

    (line,) = logs
    assert Head.parse(line["anchor"]) == await head(database)
