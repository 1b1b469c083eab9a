"""A case begins, and what its client adds to it later."""

from bpa_service.cases.clocks import service as clocks
from bpa_service.cases.core import claims
from bpa_service.cases.core.acting import Acting, Client, client_of
from bpa_service.cases.core.models import Case
from bpa_service.cases.incidents.queries import INCIDENTS_LOCK
from bpa_service.cases.naming import domain as naming
from bpa_service.cases.naming import service as names
from bpa_service.evidence import service as evidence
from bpa_service.vehicles.enquiries import service as enquiries
from bpa_service.vehicles.enquiries.service import Occasion
from service_kit import locks
from service_kit.bus import GiveUp
from shared_schemas.events.bpa_v1 import CaseQueuedV1
from shared_schemas.events.cabinet_v1 import (
    InspectionEvidenceAddedV1,
    InspectionOriginalReceivedV1,
    InspectionSubmittedV1,
)
from shared_schemas.words import InspectionState


async def open_case(acting: Acting, order: InspectionSubmittedV1) -> Case:
    """Put an inspection into the queue. Its clock runs since the client submitted it, not since now.

    Raises GiveUp for a test outside of a sandbox, and for anything else within one: who tries things reaches no
    expert, and a script answers nobody who waits for one.
    """
    if order.is_test is not acting.policy.sandbox:
        raise GiveUp(f"inspection {order.inspection_id} is of another kind of installation: SANDBOX differs")
    case = Case(
        id=order.inspection_id,
        number=order.number,
        state=InspectionState.QUEUED,
        is_test=order.is_test,
        version=0,
        claim=order.claim.model_dump(mode="json"),
        number_key=claims.number_key(order.claim),
        plate_key=claims.plate_key(order.claim),
        client=order.client.model_dump(mode="json"),
        worry=order.worry,
        shot_answers=[one.model_dump(mode="json") for one in order.shot_answers],
        disputed=False,
        photo_count=len(order.evidence),
        submitted_at=order.submitted_at,
        opened_at=acting.now,
        holder_changed_at=acting.now,
    )
    await locks.share(acting.session, INCIDENTS_LOCK)
    clock = await clocks.start(acting, case, at=order.submitted_at)
    acting.session.add(case)
    acting.record(case, "case_opened", by=Client(order.client.account_id))  # which counts the first version
    await evidence.add(acting.session, case.id, order.evidence)
    await acting.session.flush()
    await names.begin(acting, case.id, naming.claimed(order.claim, at=order.submitted_at))
    queued = CaseQueuedV1(inspection_id=case.id, clock=clock, state=InspectionState.QUEUED)
    await acting.announce(queued)
    if sources := acting.policy.sources:
        about = claims.identifiers(order.claim)
        await enquiries.put_down(acting.session, Occasion(case_id=case.id), about, sources, now=acting.now)
    return case


async def add_evidence(acting: Acting, fact: InspectionEvidenceAddedV1) -> None:
    """Take in a photo that came after the submit, whatever state the case is in.

    What the client had said in place of it is taken back.
    """
    case = await acting.lock(fact.inspection_id)
    photo = fact.evidence
    await evidence.add(acting.session, case.id, [photo])
    case.photo_count += 1
    case.shot_answers = [one for one in case.shot_answers if one["shot"] != photo.shot]
    client = client_of(case)
    acting.record(
        case, "evidence_added", by=client, evidence_id=photo.evidence_id, info_task_id=photo.info_task_id
    )


async def take_original(acting: Acting, fact: InspectionOriginalReceivedV1) -> None:
    """The original of a photo came, of which there was a copy. What was found on that stays where it is."""
    case = await acting.lock(fact.inspection_id)
    await evidence.take_original(acting.session, fact.evidence)
    evidence_id = fact.evidence.evidence_id
    acting.record(case, "original_received", by=client_of(case), evidence_id=evidence_id)
