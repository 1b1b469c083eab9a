"""The inspection that a client asks for; what is not theirs is not there."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Select, Uuid, and_, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.core.models import Inspection
from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound
from shared_schemas.identifiers import read_identifier
from shared_schemas.words import IdentifierKind


def _ids(name: str) -> BindParameter[Sequence[UUID]]:
    return bindparam(name, type_=ARRAY(Uuid))


# The same lines as `viewing.queries.lines_of`, put together once: almost every request asks this.
_ONE: Final = select(Inspection).where(
    Inspection.id == bindparam("id"),
    or_(
        and_(
            Inspection.account_id == bindparam("account_id"),
            or_(Inspection.company_id.is_(None), Inspection.company_id == any_(_ids("member_of"))),
        ),
        Inspection.company_id == any_(_ids("companies")),
        Inspection.branch_id == any_(_ids("branches")),
    ),
)
_THESE: Final = select(Inspection).where(Inspection.id == any_(_ids("ids")))
_LOCKED: Final = _ONE.with_for_update()
_HELD: Final = (
    select(Inspection.id)
    .where(Inspection.id == bindparam("id"), Inspection.erased_at.is_(None))
    .with_for_update(read=True)
)


async def inspection(session: ReadSession, inspection_id: UUID, *, client: Client) -> Inspection:
    """Raises NotFound."""
    return await _found(session, _ONE, inspection_id, client)


async def locked(session: ReadSession, inspection_id: UUID, *, client: Client) -> Inspection:
    """The same, locked until the end of the transaction: whoever else wants to change it waits."""
    return await _found(session, _LOCKED, inspection_id, client)


async def _found(
    session: ReadSession, which: Select[Inspection], inspection_id: UUID, client: Client
) -> Inspection:
    if not client.reaches(inspection_id):
        raise NotFound
    row = await session.scalar(which, _one(inspection_id, client))
    if row is None:
        raise NotFound
    return row


def _one(inspection_id: UUID, client: Client) -> dict[str, Any]:
    who = client.visible_inspections
    return {
        "id": inspection_id,
        "account_id": who.account_id,
        "member_of": who.member_of,
        "companies": who.companies,
        "branches": who.branches,
    }


async def versions_of(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """The versions of these inspections, whoever's they are: what was told of an older one is outdated."""
    rows = await session.execute(select(Inspection.id, Inspection.version).where(Inspection.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


async def inspections(session: ReadSession, ids: Collection[UUID]) -> Sequence[Inspection]:
    """Those of them that exist, whoever's they are."""
    return (await session.scalars(_THESE, {"ids": list(ids)})).all()


async def hold(session: Session, inspection_id: UUID) -> bool:
    """Have whoever changes the inspection, or erases it, wait for this transaction; whether it is not erased."""
    return await session.scalar(_HELD, {"id": inspection_id}) is not None


def identifier_kind(inspection: Inspection) -> IdentifierKind | None:
    """What the number of the car was read as; None if none was typed."""
    if inspection.identifier_typed is None:
        return None
    kind, as_seen = inspection.identifier_kind_asked, inspection.as_seen
    return read_identifier(inspection.identifier_typed, kind, as_seen=as_seen).kind
