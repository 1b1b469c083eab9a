"""The audit log: who did what, and when. Entries are added in the transaction of the act and never changed.

The entries of a service are a chain: each has the next number and a hash over itself and the entry before it.
The database makes the chain (`audit_chain`), one transaction after the other. So entries are kept back and
written last in their transaction: the chain is held for a commit, not for as long as an act takes.
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, FetchedValue, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service_kit.personal_columns import not_personal
from service_kit.session import Session
from service_kit.writes import Write

TABLE: Final = "audit_entries"
SYSTEM: Final = "system"
_PENDING: Final = "audit_entries"

_SAID: Final = ("at", "actor_id", "actor_name", "act", "subject_id", "details")
# One row after the other, each a link of the chain, and the chain is held only after what is written beside.
_ADD: Final = f"""
INSERT INTO {TABLE} ({", ".join(_SAID)})
SELECT {", ".join(_SAID)}
FROM (SELECT count(*) FROM @written AS other) AS written,
    unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::jsonb[])
    WITH ORDINALITY AS said ({", ".join(_SAID)}, place)
ORDER BY place
RETURNING 1
"""  # noqa: S608 - our own names

Detail = UUID | str | int | bool | Sequence[UUID | str] | None


class AuditColumns:
    """Columns of a service's audit log. `actor_id` is None where the service acted of its own accord.

    `actor_name` is the name at the time, `subject_id` whom or what the act was about. `position` and `hash` are
    the database's to give.
    """

    position: Mapped[int] = mapped_column(BigInteger, FetchedValue(), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200), info=not_personal())
    act: Mapped[str] = mapped_column(String(64), info=not_personal())
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, info=not_personal())
    hash: Mapped[bytes] = mapped_column(LargeBinary, FetchedValue(), info=not_personal())


class Actor(Protocol):
    """Whoever is answerable for an act."""

    @property
    def id(self) -> UUID | None: ...

    @property
    def display_name(self) -> str: ...


def record(
    session: Session,
    act: str,
    *,
    by: Actor | None,
    now: datetime,
    subject_id: UUID | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Note that `by` (None: the service itself) did `act`; it is written with the transaction that does it.

    `act` is a past participle with its object, e.g. `case_claimed`. `details` are ids and small values that an
    auditor needs to find the rest. What people wrote, and how they are reached, does not belong there: an entry
    outlives everything, also the erasure of an account.
    """
    _pending(session).append(
        {
            "at": now,
            "actor_id": by.id if by else None,
            "actor_name": by.display_name if by else SYSTEM,
            "act": act,
            "subject_id": subject_id,
            "details": {name: _plain(value) for name, value in (details or {}).items()},
        }
    )


def last_actor(session: Session, subject_id: UUID) -> str | None:
    """Who did the last act that this transaction recorded about the subject, and has not written yet."""
    entries = reversed(_pending(session))
    return next((entry["actor_name"] for entry in entries if entry["subject_id"] == subject_id), None)


@asynccontextmanager
async def attempt(session: Session) -> AsyncGenerator[None]:
    """A savepoint: when the block raises, its writes are undone and what it recorded is dropped."""
    pending = _pending(session)
    before = len(pending)
    try:
        async with session.savepoint():
            yield
    except BaseException:
        del pending[before:]
        raise


def hold(session: Session) -> None:
    """Have the recorded entries written. Called by the edge, when nothing but the live hints is left to write."""
    pending = _pending(session)
    if not pending:
        return
    values = [[entry[name] for entry in pending] for name in _SAID]
    values[-1] = [json.dumps(details) for details in values[-1]]
    session.hold(Write(_ADD, values, frozenset((TABLE,))))
    pending.clear()


def _pending(session: Session) -> list[dict[str, Any]]:
    return session.info.setdefault(_PENDING, [])


def _plain(value: Detail) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(item) for item in value]
    return value
