"""A whole case as the API speaks of it."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import WithJsonSchema

from bpa_service.cases.asking.schemas import InfoTaskOut
from bpa_service.cases.checklist.schemas import CheckResultOut
from bpa_service.cases.clocks.schemas import Threshold, next_threshold
from bpa_service.cases.core import domain
from bpa_service.cases.core.claims import display, display_plate
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.core.schemas import holder_of
from bpa_service.cases.deciding.schemas import DecisionOut
from bpa_service.cases.disputes.schemas import DisputeOut
from bpa_service.cases.drafting.schemas import WritingOut
from bpa_service.cases.findings.schemas import FindingOut, WithdrawnFindingOut
from bpa_service.cases.second_opinions.schemas import SecondOpinionOut
from bpa_service.cases.talking.schemas import MessageOut, NoteOut
from bpa_service.cases.viewing.queries import Full
from bpa_service.experts.domain import Expert
from bpa_service.vehicles.lookup.decoding import VinDecode
from service_kit.http.schemas import ApiOutput
from shared_schemas import clock as arithmetic
from shared_schemas import vin
from shared_schemas.clock import Clock, Reckoning
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import ClientRef, VehicleClaim
from shared_schemas.evidence import AnsweredShot, EvidenceRef
from shared_schemas.identifiers import read_identifier
from shared_schemas.vin.learned import Learned
from shared_schemas.words import IdentifierKind, InspectionState

# Two cases are tied, and so it is no act on one: what is promised of those has no room for more. (A string,
# since a contract that is told of an `Act` lists all of them, and nothing refers to that list.)
_ACTS: Final = [act for act in Act if act not in (Act.TIE, Act.UNTIE)]
ActOnIt = Annotated[str, WithJsonSchema({"enum": _ACTS, "title": "Act", "type": "string"})]


class StrangeCharacter(ApiOutput):
    """A character that no number of its kind has; `position` counts from 1."""

    character: str
    position: int


class AsSeenOut(ApiOutput):
    """A number that breaks the rules of its kind, and stands so on the car, as the client says.

    `expected` is how many characters one of its kind has, where that is certain.
    """

    characters: int
    expected: int | None
    strange: list[StrangeCharacter]

    @classmethod
    def of(cls, claim: VehicleClaim) -> "AsSeenOut | None":
        """None for a number that was not sent so."""
        if not claim.as_seen:
            return None
        reading = read_identifier(claim.identifier, claim.identifier_kind, as_seen=True)
        places = sorted({place for issue in reading.issues for place in issue.positions})
        return cls(
            characters=len(reading.value),
            expected=vin.LENGTH if claim.identifier_kind is IdentifierKind.VIN else None,
            strange=[StrangeCharacter(character=reading.value[at - 1], position=at) for at in places],
        )


class CaseOut(ApiOutput):
    """Everything about a case. `acts` is what the reader may do now, and whether they may tie another case to it
    (`may_tie`) or let one go; of the messages the newest are here.

    `identifier` and `plate` are as people read them.
    """

    id: UUID
    number: str
    state: InspectionState
    version: int
    claim: VehicleClaim
    identifier: str
    plate: str | None
    as_seen: AsSeenOut | None
    decode: VinDecode | None
    client: ClientRef
    worry: str | None
    shot_answers: list[AnsweredShot]
    disputed: bool
    holder: ExpertRef | None
    claimed_at: datetime | None
    lease_expires_at: datetime | None
    needs_second_expert: bool
    claim_late: bool
    urgent: bool
    clock: Clock
    reckoning: Reckoning
    next_threshold: Threshold | None
    evidence: list[EvidenceRef]
    findings: list[FindingOut]
    withdrawn_findings: list[WithdrawnFindingOut]
    checks: list[CheckResultOut]
    draft: WritingOut | None
    info_tasks: list[InfoTaskOut]
    messages: list[MessageOut]
    notes: list[NoteOut]
    decisions: list[DecisionOut]
    second_opinion: SecondOpinionOut | None
    second_opinions: list[SecondOpinionOut]
    disputes: list[DisputeOut]
    acts: list[ActOnIt]
    may_tie: bool
    may_untie: bool
    submitted_at: datetime
    opened_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, found: Full, *, reader: Expert, policy: Policy, learned: Learned, now: datetime) -> "CaseOut":
        case, names = found.case, found.names
        claim = VehicleClaim.model_validate(case.claim)
        clock = found.ledgers[-1].clock
        open_to_them = domain.acts_open_to(reader, case.standing, now)
        opinions = [SecondOpinionOut.of(opinion, names) for opinion in found.second_opinions]
        return cls(
            id=case.id,
            number=case.number,
            state=case.state,
            version=case.version,
            claim=claim,
            identifier=display(claim),
            plate=display_plate(claim),
            as_seen=AsSeenOut.of(claim),
            decode=VinDecode.of(claim, now, learned),
            client=ClientRef.model_validate(case.client),
            worry=case.worry,
            shot_answers=[AnsweredShot.model_validate(one) for one in case.shot_answers],
            disputed=case.disputed,
            holder=holder_of(case, names[case.holder_id] if case.holder_id else None, now),
            claimed_at=case.claimed_at,
            lease_expires_at=case.lease_expires_at,
            needs_second_expert=case.needs_second_expert,
            claim_late=case.claim_late,
            urgent=case.urgent,
            clock=clock,
            reckoning=arithmetic.reckon(clock, now),
            next_threshold=next_threshold(clock, policy, now),
            evidence=list(found.evidence),
            findings=[FindingOut.of(finding, names) for finding in found.findings],
            withdrawn_findings=[WithdrawnFindingOut.of(one, names) for one in found.withdrawn],
            checks=[
                CheckResultOut.of(check, found.check_results.get(check.id), names) for check in found.checks
            ],
            draft=WritingOut.of(found.draft, names) if found.draft else None,
            info_tasks=[InfoTaskOut.of(task, names) for task in found.info_tasks],
            messages=[MessageOut.of(message, names) for message in found.messages],
            notes=[NoteOut.of(note, names) for note in found.notes],
            decisions=[DecisionOut.of(decision, names) for decision in found.decisions],
            second_opinion=opinions[-1] if opinions else None,
            second_opinions=opinions,
            disputes=[DisputeOut.of(dispute) for dispute in found.disputes],
            acts=[act for act in _ACTS if act in open_to_them],
            may_tie=Act.TIE in open_to_them,
            may_untie=Act.UNTIE in open_to_them,
            submitted_at=case.submitted_at,
            opened_at=case.opened_at,
            ended_at=case.ended_at,
        )
