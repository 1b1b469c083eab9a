"""Reads of watched cars, scoped by the client who asks."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.viewing import queries as viewing
from cabinet_service.watching.cars import reading_of
from cabinet_service.watching.models import Watch
from service_kit.db import ReadSession, Session
from shared_schemas.identifiers import Reading

Ts = TypeVarTuple("Ts")


class Watched(NamedTuple):
    """A watch, and the inspection whose car it is."""

    watch: Watch
    inspection: Inspection


async def all_of(session: ReadSession, client: Client) -> Sequence[Watched]:
    """What the client watches, and still sees; the newest first. There are not many."""
    rows = await session.execute(
        _seen_by(select(Watch, Inspection), client).order_by(Watch.started_at.desc(), Watch.inspection_id)
    )
    return [Watched(watch, inspection) for watch, inspection in rows]


async def watch_of(session: ReadSession, account_id: UUID, inspection_id: UUID) -> Watch | None:
    return await session.get(Watch, (account_id, inspection_id))


async def locked(session: Session, account_id: UUID, inspection_id: UUID) -> Watch | None:
    """The same, locked until the transaction ends."""
    return await session.get(Watch, (account_id, inspection_id), lock=True)


async def count_of(session: ReadSession, client: Client) -> int:
    """How many `all_of` lists."""
    return await session.scalar(_seen_by(select(func.count()).select_from(Watch), client)) or 0


async def of_same_car(session: ReadSession, client: Client, reading: Reading) -> Watched | None:
    """What the client watches of the car with this number, by whatever check of it."""
    for watched in await all_of(session, client):
        other = reading_of(watched.inspection)
        if other is not None and (other.kind, other.value) == (reading.kind, reading.value):
            return watched
    return None


async def answers_of_others(session: ReadSession, client: Client, inspection: Inspection) -> dict[str, int]:
    """The versions of the answers to checks of the car that colleagues of the same branch ordered, by their ids.

    What the person ordered themselves they are told of anyway.
    """
    checks = await viewing.checks_of_car(session, inspection, client=client)
    versions = await answers.versions_of(session, checks)
    return {str(check): version for check, version in versions.items()}


def _seen_by(watches: Select[*Ts], client: Client) -> Select[*Ts]:
    of_it = Inspection.id == Watch.inspection_id
    return watches.join(Inspection, of_it).where(
        Watch.account_id == client.account_id, or_(*viewing.lines_of(client))
    )
