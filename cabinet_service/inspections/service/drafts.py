"""Drafts: opened, changed, forgotten."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, select

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Client
from cabinet_service.inspections import claims
from cabinet_service.inspections.domain import SYSTEM, Act, Kind
from cabinet_service.inspections.models import Inspection, number_sequence
from cabinet_service.inspections.schemas import InspectionPatch, NewInspection
from cabinet_service.inspections.service import happening
from cabinet_service.photos import service as photos
from service_kit import direct
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.words import InspectionState

log = structlog.get_logger(__name__)

EXPIRY_EVERY: Final = timedelta(hours=1)
EXPIRY_BATCH: Final = 200
EXPIRY_LOCK: Final = 7_215_011


async def open_draft(session: Session, new: NewInspection, *, client: Client, now: datetime) -> Inspection:
    """Begin an inspection, in one's own name or a company's. Raises NotFound for a company not one's own."""
    branch_id = new.branch_id
    if new.company_id is not None and branch_id is None:
        membership = client.membership_in(new.company_id)
        branch_id = membership.branch_id if membership else None
    await _check_name(session, client, new.company_id, branch_id)
    [(number,)] = await direct.fetch(session, f"SELECT nextval('{number_sequence.name}')")
    inspection = Inspection(
        id=new_id(),
        number=f"A-{number}",
        account_id=client.account_id,
        company_id=new.company_id,
        branch_id=branch_id,
        state=InspectionState.DRAFT,
        worry=new.worry,
        version=0,
        created_at=now,
    )
    claims.apply(inspection, new.claim)
    session.add(inspection)
    await happening.record(session, inspection, Kind.CREATED, happening.by_client(client), at=now, now=now)
    return inspection


async def _check_name(
    session: Session, client: Client, company_id: UUID | None, branch_id: UUID | None
) -> None:
    if not client.may_act_for(company_id, branch_id):
        raise NotFound
    if company_id is None or branch_id is None:
        return
    if not await accounts.has_branch(session, company_id, branch_id):
        raise NotFound


async def change_draft(
    session: Session, inspection_id: UUID, patch: InspectionPatch, *, client: Client, now: datetime
) -> Inspection:
    """Change what is said of the car. Fields that the patch does not mention stay."""
    inspection = await happening.begin(session, inspection_id, Act.CHANGE, client=client)
    if patch.claim is not None:
        claims.apply(inspection, patch.claim)
    if "worry" in patch.model_fields_set:
        inspection.worry = patch.worry
    happening.changed(session, inspection, "draft_changed", now=now)
    return inspection


async def expire_drafts(session: Session, now: datetime, *, patience: timedelta) -> None:
    """End drafts that nobody touched for longer than `patience`, and give up their photos."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(EXPIRY_LOCK))):
        return
    stale = await session.scalars(
        select(Inspection)
        .where(
            Inspection.state == InspectionState.DRAFT,
            Inspection.created_at < now - patience,  # says nothing new, but has an index
            Inspection.updated_at < now - patience,
        )
        .order_by(Inspection.created_at)
        .limit(EXPIRY_BATCH)
        .with_for_update(skip_locked=True)
    )
    for inspection in (found := stale.all()):
        await happening.move(session, inspection, InspectionState.EXPIRED, at=now)
        await photos.forget(session, inspection.id, now=now)
        await happening.record(session, inspection, Kind.EXPIRED, SYSTEM, at=now, now=now)
    if found:
        log.info("drafts_expired", drafts=len(found))
