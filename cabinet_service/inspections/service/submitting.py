"""Handing an inspection over to the experts."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.consents import queries as consents
from cabinet_service.consents.documents import Document
from cabinet_service.db.tables import outbox
from cabinet_service.inspections import claims, domain
from cabinet_service.inspections.domain import Act, Draft, Kind
from cabinet_service.inspections.errors import EvidenceLost, InspectionIncomplete
from cabinet_service.inspections.models import Inspection
from cabinet_service.inspections.service import happening
from cabinet_service.photos import queries as photos
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.ports import FileStore
from service_kit.db import Session
from shared_schemas.events.cabinet_v1 import ClientRef, InspectionSubmittedV1


class Submitted(NamedTuple):
    """An inspection that was handed over, and the photos that went with it."""

    inspection: Inspection
    evidence: Sequence[EvidenceOut]


async def submit(
    session: Session, inspection_id: UUID, *, client: Client, files: FileStore, now: datetime
) -> Submitted:
    """Send the inspection: the promised 20 minutes begin at `now`.

    Raises ConsentRequired, InspectionIncomplete, which names what is missing, or EvidenceLost.
    """
    inspection = await happening.begin(session, inspection_id, Act.SUBMIT, client=client)
    await consents.require(session, client.account_id, Document.PERSONAL_DATA)
    kept = await photos.kept(session, inspection.id)
    named = claims.naming(inspection)
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
    await happening.move(session, inspection, happening.state_after(inspection, Act.SUBMIT), at=now)
    inspection.submitted_at = now
    by_client = happening.by_client(client)
    await happening.record(session, inspection, Kind.SUBMITTED, by_client, at=now, now=now, photos=len(kept))
    await outbox.add(
        session,
        InspectionSubmittedV1(
            inspection_id=inspection.id,
            number=inspection.number,
            client=ClientRef(
                account_id=inspection.account_id,
                language=client.language,
                company_id=inspection.company_id,
                branch_id=inspection.branch_id,
            ),
            claim=claims.vehicle_claim(inspection, named),
            worry=inspection.worry,
            evidence=tuple(photo.ref for photo in kept),
            submitted_at=now,
        ),
        now=now,
    )
    return Submitted(inspection, [photo.view for photo in kept])
