"""What makes the audit log a chain, and what finds out whether it still is one.

    hash of an entry = SHA-256(hash of the entry before it, text of the entry)

The text is the JSON array of all other columns, as PostgreSQL writes jsonb. The database computes the hash when
the row is inserted, whoever inserts it; `verify` computes it anew in Python, so a database that lies about its
hashes is found out. What the chain itself cannot show is that its end was cut off, or that all of it from some
entry on was made anew: for that one needs a head that was noted elsewhere, an *anchor*.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Row, String, literal_column, select

from service_kit.audit import TABLE, AuditColumns
from service_kit.db import ReadSession

log = structlog.get_logger(__name__)

HEAD_NOTED_EVERY: Final = timedelta(minutes=10)
_PAGE: Final = 1000

_TEXT: Final = (
    "jsonb_build_array({row}.position, (extract(epoch FROM {row}.at) * 1000000)::bigint, {row}.actor_id,"
    " {row}.actor_name, {row}.act, {row}.subject_id, {row}.details)::text"
)

# For migrations. It can never change: the hashes that exist were made so.
GUARD_V1: Final = (
    # The second statement sees what was committed while the first waited for the lock; in one it would not.
    f"""
    CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last record;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('{TABLE}', 0));
        SELECT position, hash INTO last FROM {TABLE} ORDER BY position DESC LIMIT 1;
        NEW.position := coalesce(last.position, 0) + 1;
        NEW.hash := sha256(coalesce(last.hash, '') || convert_to({_TEXT.format(row="NEW")}, 'UTF8'));
        RETURN NEW;
    END $$
    """,  # noqa: S608 - nothing here comes from outside
    f"CREATE TRIGGER chain BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_chain()",
    """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    f"""
    CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
)


class Head(NamedTuple):
    """An entry by its number and hash. Noted elsewhere it is an anchor: it vouches for all entries up to it."""

    position: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> "Head":
        """`POSITION:HASH`, as `str` writes it. Raises ValueError."""
        position, _, digest = text.partition(":")
        head = cls(int(position), bytes.fromhex(digest))
        if head.position < 1 or len(head.hash) != sha256().digest_size:
            raise ValueError("not a position and a SHA-256")
        return head

    def __str__(self) -> str:
        return f"{self.position}:{self.hash.hex()}"


_BEGINNING: Final = Head(0, b"")


class ChainBroken(Exception):
    """From `position` on the log is not what was written; all before it is."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(f"entry {position} {what}; the {position - 1} before it are good")
        self.position = position


async def verify(session: ReadSession, table: type[AuditColumns], *, anchor: Head | None = None) -> Head:
    """Walk the whole chain and return its head; its position is also how many entries there are, 0 for none.

    With an anchor the chain has to lead through it. Raises ChainBroken for the first entry that is not right.
    """
    head = _BEGINNING
    while page := await _after(session, table, head.position):
        for position, digest, text in page:
            if position != head.position + 1:
                raise ChainBroken(head.position + 1, "is missing")
            if digest != sha256(head.hash + text.encode()).digest():
                raise ChainBroken(position, "is not what was written after the one before it")
            head = Head(position, digest)
            if anchor and anchor.position == position and anchor != head:
                raise ChainBroken(position, "is not that of the anchor: it or an earlier one was made anew")
    if anchor and anchor.position > head.position:
        raise ChainBroken(head.position + 1, f"is missing, although there was one {anchor.position}")
    return head


async def note_head(session: ReadSession, _now: datetime, *, table: type[AuditColumns]) -> None:
    """Log the head of the chain. Where logs are kept out of reach of the database, they are the anchors."""
    statement = select(table.position, table.hash).order_by(table.position.desc()).limit(1)
    newest = (await session.execute(statement)).one_or_none()
    if newest is not None:
        log.info("audit_head", anchor=str(Head(*newest)))


async def _after(
    session: ReadSession, table: type[AuditColumns], position: int
) -> Sequence[Row[int, bytes, str]]:
    text = literal_column(_TEXT.format(row=TABLE), String)
    statement = select(table.position, table.hash, text).where(table.position > position)
    return (await session.execute(statement.order_by(table.position).limit(_PAGE))).all()
