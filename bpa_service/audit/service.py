"""Writing the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from bpa_service.audit.models import AuditEntry
from service_kit.db import Session

SYSTEM: Final = "system"

Detail = UUID | str | int | bool | Sequence[UUID | str] | None


class Actor(Protocol):
    """Whoever is answerable for an act."""

    @property
    def id(self) -> UUID: ...

    @property
    def display_name(self) -> str: ...


async def record(
    session: Session,
    act: str,
    *,
    by: Actor | None,
    now: datetime,
    case_id: UUID | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Note that `by` (None: the service itself) did `act`, in the transaction that does it.

    `act` is a past participle with its object, e.g. `case_claimed`. `details` are ids and small values that an
    auditor needs to find the rest; what clients and experts wrote does not belong there.
    """
    session.add(
        AuditEntry(
            at=now,
            actor_id=by.id if by else None,
            actor_name=by.display_name if by else SYSTEM,
            act=act,
            case_id=case_id,
            details={name: _plain(value) for name, value in (details or {}).items()},
        )
    )


def _plain(value: Detail) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(item) for item in value]
    return value
