"""A whole case as the API speaks of it."""

from datetime import datetime
from uuid import UUID

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
from service_kit.http.schemas import ApiOutput
from service_kit.http.vins import ConclusionOut, DoubtOut
from shared_schemas import clock as arithmetic
from shared_schemas import vin
from shared_schemas.clock import Clock, Reckoning
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import ClientRef, VehicleClaim
from shared_schemas.evidence import AnsweredShot, EvidenceRef
from shared_schemas.identifiers import read_identifier
from shared_schemas.vin import Region
from shared_schemas.vin.claims import Claim, ClaimPart, Doubt, DoubtSeverity, doubts
from shared_schemas.vin.conclusions import conclusions
from shared_schemas.vin.facts import Confidence, facts
from shared_schemas.words import IdentifierKind, InspectionState


class ModelYearOut(ApiOutput):
    """A model year that the VIN may mean, and how much that is worth."""

    year: int
    confidence: Confidence


class VinDecode(ApiOutput):
    """What the VIN says of itself: information, no proof. `maker` is its code, `makes` whose cars it stands for.

    `model_years` are those that it may mean, the newest first, and `years` the same without their worth; empty
    if its maker put none there. `makes` is empty where the code's makes are not known for certain.
    `check_digit_fits` is null where no check digit is demanded. `contradicts` names what the client said that the
    VIN speaks against: `year`, `make`. Nothing is said of makers who are not known to follow a rule.
    `conclusions` say what all of it rests on, and `doubts` what of the claim does not agree, the gravest first.
    """

    maker: str
    makes: list[str]
    region: Region
    years: list[int]
    model_years: list[ModelYearOut]
    check_digit_fits: bool | None
    contradicts: list[str]
    conclusions: list[ConclusionOut]
    doubts: list[DoubtOut]

    @classmethod
    def of(cls, claim: VehicleClaim, now: datetime) -> "VinDecode | None":
        """None for any other identifier, and for one that is not well formed."""
        text = claim.identifier
        if claim.identifier_kind is not IdentifierKind.VIN or not vin.is_well_formed(text):
            return None
        known = facts(text, this_year=now.year)
        digit = known.check_digit
        found = doubts(known, Claim(make=claim.make, model=claim.model, year=claim.year))
        return cls(
            maker=known.maker,
            makes=sorted(known.makes),
            region=known.region,
            years=[one.year for one in known.model_years],
            model_years=[ModelYearOut(year=one.year, confidence=one.confidence) for one in known.model_years],
            check_digit_fits=digit.fits if digit.mandatory else None,
            contradicts=[what for what in (ClaimPart.YEAR, ClaimPart.MAKE) if _is_contradicted(found, what)],
            conclusions=[ConclusionOut.model_validate(one) for one in conclusions(known)],
            doubts=[DoubtOut.model_validate(one) for one in found],
        )


def _is_contradicted(found: tuple[Doubt, ...], what: ClaimPart) -> bool:
    return any(doubt.about is what and doubt.severity is not DoubtSeverity.UNUSUAL for doubt in found)


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
    """Everything about a case. `acts` is what the reader may do now; of the messages the newest are here.

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
    acts: list[Act]
    submitted_at: datetime
    opened_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, found: Full, *, reader: Expert, policy: Policy, now: datetime) -> "CaseOut":
        case, names = found.case, found.names
        claim = VehicleClaim.model_validate(case.claim)
        clock = found.ledgers[-1].clock
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
            decode=VinDecode.of(claim, now),
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
            acts=domain.acts_open_to(reader, case.standing, now),
            submitted_at=case.submitted_at,
            opened_at=case.opened_at,
            ended_at=case.ended_at,
        )
