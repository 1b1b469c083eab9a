"""Drafts: opened, changed, handed over to the experts, forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select

from cabinet_service.accounts.visibility import branch_for
from cabinet_service.companies import ordering
from cabinet_service.consents import queries as consents
from cabinet_service.consents.documents import Document
from cabinet_service.inspections.core import domain
from cabinet_service.inspections.core.acting import Acting, ClientActing
from cabinet_service.inspections.core.domain import Act, Draft, Kind
from cabinet_service.inspections.core.errors import EvidenceLost, InspectionIncomplete
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting import claims
from cabinet_service.inspections.drafting.schemas import InspectionPatch, NewInspection
from cabinet_service.inspections.usage import allowing
from cabinet_service.photos import queries as photo_queries
from cabinet_service.photos import service as photos
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.ports import FileStore
from service_kit import locks
from service_kit.db import Session
from service_kit.http.problems import NotAllowed
from service_kit.ids import new_id
from shared_schemas.events.cabinet_v1 import ClientRef, InspectionSubmittedV1
from shared_schemas.evidence import AnsweredShot
from shared_schemas.words import InspectionState

log = structlog.get_logger(__name__)

EXPIRY_EVERY: Final = timedelta(hours=1)
EXPIRY_BATCH: Final = 200
EXPIRY_LOCK: Final = "drafts expired"


class Submitted(NamedTuple):
    """An inspection that was handed over, and the photos that went with it."""

    inspection: Inspection
    evidence: Sequence[EvidenceOut]


async def open_draft(acting: ClientActing, new: NewInspection) -> Inspection:
    """Begin an inspection, in one's own name or a company's; a program does so in that of its company.

    Raises NotFound for a company not one's own, or BranchClosed.
    """
    company_id, branch_id = await _place(acting, new.company_id, new.branch_id)
    inspection = await begin(acting, new, company_id=company_id, branch_id=branch_id)
    await acting.session.flush_objects()  # the database gives it its number
    return inspection


async def _place(
    acting: ClientActing, company_id: UUID | None, branch_id: UUID | None
) -> tuple[UUID | None, UUID | None]:
    """The company and the branch in whose name the client orders. Raises NotFound or BranchClosed."""
    company_id = acting.client.orders_for(company_id)
    branch_id = await branch_for(acting.session, acting.client, company_id, branch_id)
    if company_id is not None:
        await ordering.check_place(acting.session, company_id, branch_id)
    return company_id, branch_id


async def begin(
    acting: ClientActing, new: NewInspection, *, company_id: UUID | None, branch_id: UUID | None
) -> Inspection:
    """A new inspection in a name in which the client may order. Its number comes when it is written."""
    inspection = Inspection(
        id=new_id(),
        account_id=acting.client.account_id,
        company_id=company_id,
        branch_id=branch_id,
        state=InspectionState.DRAFT,
        is_test=acting.session.sandbox,
        worry=new.worry,
        shot_answers=_answers(new),
        version=0,
        created_at=acting.now,
    )
    claims.apply(inspection, new.claim, this_year=acting.now.year)
    acting.session.add(inspection)
    await acting.record(inspection, Kind.CREATED)
    return inspection


def _answers(said: NewInspection | InspectionPatch) -> list[dict[str, str]]:
    return [one.model_dump(mode="json") for one in said.shot_answers or ()]


async def change_draft(acting: ClientActing, inspection_id: UUID, patch: InspectionPatch) -> Inspection:
    """Change what is said of the car, or in whose name it is ordered. What the patch does not mention stays.

    In whose name is said by whoever began it. Raises NotAllowed for a colleague, NotFound for a company that is
    not their own, or BranchClosed.
    """
    inspection = await acting.on(inspection_id, Act.CHANGE)
    if patch.model_fields_set & {"company_id", "branch_id"}:
        place = await _place(acting, patch.company_id, patch.branch_id)
        if place != (inspection.company_id, inspection.branch_id):
            if inspection.account_id != acting.client.account_id:
                raise NotAllowed
            acting.changed(inspection, "draft_changed")  # whoever saw it in the old name
            inspection.company_id, inspection.branch_id = place
    if patch.claim is not None:
        claims.apply(inspection, patch.claim, this_year=acting.now.year)
    if "worry" in patch.model_fields_set:
        inspection.worry = patch.worry
    if "shot_answers" in patch.model_fields_set:
        inspection.shot_answers = _answers(patch)
    acting.changed(inspection, "draft_changed")
    return inspection


async def submit(acting: ClientActing, inspection_id: UUID, *, files: FileStore, zone: ZoneInfo) -> Submitted:
    """Send the inspection: the promised 20 minutes begin now. Companies count by the months of `zone`.

    Raises ConsentRequired, InspectionIncomplete, which names what is missing, or EvidenceLost; for a company
    also BranchClosed, CompanyTermsRequired or LimitReached. The draft stays as it is then.
    """
    inspection = await acting.on(inspection_id, Act.SUBMIT)
    if not acting.client.is_program:
        # What a program sends is sent under the terms of its company, by a link that it gave, too.
        await consents.require(acting.session, acting.client.account_id, Document.PERSONAL_DATA)
    kept = await photo_queries.kept(acting.session, inspection.id)
    named = claims.naming(inspection, this_year=acting.now.year)
    lacking = domain.missing(
        Draft(
            has_identifier=named is not None,
            identifier_ok=named is not None and named.ok,
            shots={photo.ref.shot for photo in kept if photo.view.opens},
        )
    )
    if lacking or named is None:
        issues = [issue.code for issue in named.issues] if named else []
        raise InspectionIncomplete(missing=list(lacking), issues=issues)
    lost = [photo.ref.evidence_id for photo in kept if not await files.exists(photo.file_key)]
    if lost:
        raise EvidenceLost(evidence_ids=[str(one) for one in lost])
    await _check_company(acting, inspection, zone)
    await acting.move(inspection, Act.SUBMIT)
    inspection.submitted_at = acting.now
    await acting.record(inspection, Kind.SUBMITTED, photos=len(kept))
    await acting.announce(
        InspectionSubmittedV1(
            inspection_id=inspection.id,
            number=inspection.number,
            client=ClientRef(
                account_id=inspection.account_id,
                language=acting.client.language,
                company_id=inspection.company_id,
                branch_id=inspection.branch_id,
            ),
            claim=claims.vehicle_claim(inspection, named),
            worry=inspection.worry,
            evidence=tuple(photo.ref for photo in kept),
            submitted_at=acting.now,
            shot_answers=tuple(AnsweredShot.model_validate(one) for one in inspection.shot_answers),
            is_test=inspection.is_test,
        )
    )
    return Submitted(inspection, [photo.view for photo in kept])


async def _check_company(acting: ClientActing, inspection: Inspection, zone: ZoneInfo) -> None:
    """Last of all, as whoever sends for the same company waits for the lock of a limit."""
    company_id, branch_id = inspection.company_id, inspection.branch_id
    if company_id is None:
        return
    await ordering.check_place(acting.session, company_id, branch_id)
    await ordering.check_terms(acting.session, company_id)
    await allowing.require(acting.session, company_id, branch_id, zone=zone, now=acting.now)


async def expire_drafts(session: Session, now: datetime, *, patience: timedelta) -> None:
    """End drafts that nobody touched for longer than `patience`, and give up their photos."""
    if not await locks.hold_if_free(session, EXPIRY_LOCK):
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
    acting = Acting(session=session, now=now)
    for inspection in (found := stale.all()):
        await acting.stand(inspection, InspectionState.EXPIRED, at=now)
        await photos.forget(session, inspection.id, now=now)
        await acting.record(inspection, Kind.EXPIRED)
    if found:
        log.info("drafts_expired", drafts=len(found))
