"""The queue as the API speaks of it."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.clocks.schemas import Threshold, next_threshold
from bpa_service.cases.core.claims import display, display_plate
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.core.schemas import holder_of
from bpa_service.cases.queue import effort
from bpa_service.cases.queue.queries import Row
from bpa_service.evidence.links import PreviewOf
from service_kit.http.schemas import ApiOutput
from shared_schemas import clock as arithmetic
from shared_schemas.clock import Reckoning
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import InspectionState, Shot


class ShotOut(ApiOutput):
    """A photo in small: `preview` is a link that needs no sign-in and ends in 10 to 20 minutes."""

    evidence_id: UUID
    shot: Shot
    preview: str


class QueueKnown(ApiOutput):
    """What is known of the car already, by the twelve newest cases that share a name with it: how many have its
    number, nine at most; whether one of them is open, and whether one of its number says another plate at that
    time. And whether another case is tied to it, has one of its photos, or one that looks like it (which the same
    photo does, too).
    """

    other_cases: int
    open_elsewhere: bool
    other_plate: bool
    tied: bool
    same_photo: bool
    similar_photo: bool


class CountsOut(ApiOutput):
    """How many cases each view has."""

    counts: dict[View, int]


class QueueRow(ApiOutput):
    """An open case. `identifier` and `plate` are as people read them. `shots` are its first three photos.

    `answered_by` is the author of the answer that is disputed, who cannot take the case.
    `due_at` of the reckoning is null while it is paused.
    `effort_seconds` is how long it is likely to keep an expert busy. `claim_in_seconds` is how much
    time there was at the reckoning to claim it without being late; null once it was claimed, or is late.
    """

    id: UUID
    number: str
    identifier: str
    plate: str | None
    make: str | None
    model: str | None
    state: InspectionState
    disputed: bool
    answered_by: UUID | None
    version: int
    holder: ExpertRef | None
    needs_second_expert: bool
    claim_late: bool
    claim_in_seconds: int | None
    urgent: bool
    worry: str | None
    photos: int
    shots: list[ShotOut]
    known: QueueKnown
    effort_seconds: int
    open_tasks: int
    submitted_at: datetime
    reckoning: Reckoning
    next_threshold: Threshold | None

    @classmethod
    def of(cls, row: Row, policy: Policy, now: datetime, preview: PreviewOf) -> "QueueRow":
        case, claim = row.case, VehicleClaim.model_validate(row.case.claim)
        reckoning = arithmetic.reckon(row.clock, now)
        return cls(
            id=case.id,
            number=case.number,
            identifier=display(claim),
            plate=display_plate(claim),
            make=claim.make,
            model=claim.model,
            state=case.state,
            disputed=case.disputed,
            answered_by=case.answered_by,
            version=case.version,
            holder=holder_of(case, row.holder_name, now),
            needs_second_expert=case.needs_second_expert,
            claim_late=case.claim_late,
            claim_in_seconds=claim_in(
                case.claimed_at, reckoning.used_seconds, policy, is_late=case.claim_late
            ),
            urgent=case.urgent,
            worry=case.worry,
            photos=case.photo_count,
            shots=[
                ShotOut(evidence_id=evidence_id, shot=shot, preview=preview(evidence_id))
                for evidence_id, shot in row.photos
            ],
            known=QueueKnown(
                other_cases=row.other_cases,
                open_elsewhere=row.open_elsewhere,
                other_plate=row.other_plate,
                tied=row.tied,
                same_photo=row.seen_elsewhere,
                similar_photo=row.similar_elsewhere,
            ),
            effort_seconds=round(effort.USUAL.of(case.photo_count, disputed=case.disputed)),
            open_tasks=row.open_tasks,
            submitted_at=case.submitted_at,
            reckoning=reckoning,
            next_threshold=next_threshold(row.clock, policy, now),
        )


def claim_in(
    claimed_at: datetime | None, used_seconds: float, policy: Policy, *, is_late: bool
) -> int | None:
    """How much time there is to claim a case without being late; None once it was claimed, or is late."""
    if claimed_at is not None or is_late:
        return None
    return max(0, int(policy.claim_window.total_seconds() - used_seconds))
