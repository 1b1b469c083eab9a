"""What we send: cases, in the queue and whole, and their clocks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bpa_service.cases import domain, effort
from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case
from bpa_service.cases.policy import Policy
from bpa_service.cases.queries import Full, Row
from bpa_service.cases.schemas.outputs import (
    CheckResultOut,
    DecisionOut,
    DisputeOut,
    FindingOut,
    InfoTaskOut,
    MessageOut,
    NoteOut,
    SecondOpinionOut,
    WritingOut,
    ref,
)
from bpa_service.experts.domain import Expert
from bpa_service.sla import domain as sla
from bpa_service.sla.domain import Ledger
from service_kit.http.schemas import ApiOutput
from shared_schemas import clock as arithmetic
from shared_schemas import ledger as itemised
from shared_schemas import vin
from shared_schemas.clock import Clock, Reckoning
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import ClientRef, VehicleClaim
from shared_schemas.evidence import EvidenceRef
from shared_schemas.ledger import ClockLine
from shared_schemas.vin import LENGTH as _VIN_LENGTH
from shared_schemas.vin import Region
from shared_schemas.words import IdentifierKind, InspectionState


class Threshold(ApiOutput):
    """A share of the budget. `at` is when it was reached, or will be if nothing else happens; null: unknown."""

    percent: int
    at: datetime | None


class VinDecode(ApiOutput):
    """What the VIN says of itself: information, no proof. `maker` is its code.

    `years` are the model years that it may mean, the newest first; empty if its maker put none there.
    `check_digit_fits` is null where no check digit is demanded. `contradicts` names what the client said that the
    VIN speaks against: `year`.
    """

    maker: str
    region: Region
    years: list[int]
    check_digit_fits: bool | None
    contradicts: list[str]

    @classmethod
    def of(cls, claim: VehicleClaim, now: datetime) -> "VinDecode | None":
        """None for any other identifier, and for one that is not well formed."""
        text = claim.identifier
        if claim.identifier_kind is not IdentifierKind.VIN or not vin.is_well_formed(text):
            return None
        facts = vin.facts(text, this_year=now.year)
        years = [one.year for one in facts.model_years]
        digit = facts.check_digit
        return cls(
            maker=facts.maker,
            region=facts.region,
            years=years,
            check_digit_fits=digit.fits if digit.mandatory else None,
            contradicts=["year"] if vin.speaks_against(facts, claim.year) else [],
        )


class QueueRow(ApiOutput):
    """An open case. `identifier` is as people read it; `due_at` of the reckoning is null while it is paused.

    `effort_seconds` is how long it is likely to keep an expert busy. `claim_in_seconds` is how much
    time there was at the reckoning to claim it without being late; null once it was claimed, or is late.
    """

    id: UUID
    number: str
    identifier: str
    make: str | None
    model: str | None
    state: InspectionState
    disputed: bool
    version: int
    holder: ExpertRef | None
    needs_second_expert: bool
    claim_late: bool
    claim_in_seconds: int | None
    urgent: bool
    photos: int
    effort_seconds: int
    open_tasks: int
    submitted_at: datetime
    reckoning: Reckoning
    next_threshold: Threshold | None

    @classmethod
    def of(cls, row: Row, policy: Policy, now: datetime) -> "QueueRow":
        case, claim = row.case, VehicleClaim.model_validate(row.case.claim)
        reckoning = arithmetic.reckon(row.clock, now)
        return cls(
            id=case.id,
            number=case.number,
            identifier=display(claim),
            make=claim.make,
            model=claim.model,
            state=case.state,
            disputed=case.disputed,
            version=case.version,
            holder=_holder(case, row.holder_name, now),
            needs_second_expert=case.needs_second_expert,
            claim_late=case.claim_late,
            claim_in_seconds=_claim_in(case, reckoning, policy),
            urgent=case.urgent,
            photos=case.photo_count,
            effort_seconds=round(effort.USUAL.of(case.photo_count, disputed=case.disputed)),
            open_tasks=row.open_tasks,
            submitted_at=case.submitted_at,
            reckoning=reckoning,
            next_threshold=next_threshold(row.clock, policy, now),
        )


class CaseOut(ApiOutput):
    """Everything about a case. `acts` is what the reader may do now; of the messages the newest are here."""

    id: UUID
    number: str
    state: InspectionState
    version: int
    claim: VehicleClaim
    identifier: str
    decode: VinDecode | None
    client: ClientRef
    worry: str | None
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
            decode=VinDecode.of(claim, now),
            client=ClientRef.model_validate(case.client),
            worry=case.worry,
            disputed=case.disputed,
            holder=_holder(case, names[case.holder_id] if case.holder_id else None, now),
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


class ClockOut(ApiOutput):
    """The clock that counts, what it says now, and the account that adds up to it, as the client sees it.

    `reached` are the thresholds that it has reached; `earlier` are the clocks before it.
    """

    clock: Clock
    reckoning: Reckoning
    used_seconds: int
    paused_seconds: int
    lines: list[ClockLine]
    reached: list[Threshold]
    next_threshold: Threshold | None
    earlier: list[Clock]

    @classmethod
    def of(
        cls, ledgers: Sequence[Ledger], asked: Mapping[UUID, str], policy: Policy, now: datetime
    ) -> "ClockOut":
        """`asked` has the question of each info task."""
        *earlier, current = ledgers
        account = itemised.lines(current.clock, now, asked=asked)
        return cls(
            clock=current.clock,
            reckoning=arithmetic.reckon(current.clock, now),
            used_seconds=itemised.total(account, "ran"),
            paused_seconds=itemised.total(account, "paused"),
            lines=account,
            reached=[Threshold(percent=percent, at=at) for percent, at in current.reached.items()],
            next_threshold=next_threshold(current.clock, policy, now),
            earlier=[ledger.clock for ledger in earlier],
        )


def next_threshold(clock: Clock, policy: Policy, now: datetime) -> Threshold | None:
    """The first share of the budget that is not used yet; None once all is, or the clock has stopped."""
    if clock.stopped_at is not None:
        return None
    used = arithmetic.used(clock, now)
    for percent in sla.THRESHOLDS:
        amount = sla.share(clock, percent)
        if used < amount:
            return Threshold(percent=percent, at=sla.forecast(clock, amount, policy.clock.hours, now))
    return None


def display(claim: VehicleClaim) -> str:
    """The identifier as people read it: a VIN in its three groups."""
    text = claim.identifier
    if claim.identifier_kind is IdentifierKind.VIN and len(text) == _VIN_LENGTH:
        return f"{text[:3]} {text[3:9]} {text[9:]}"
    return text


def _claim_in(case: Case, reckoning: Reckoning, policy: Policy) -> int | None:
    if case.claimed_at is not None or case.claim_late:
        return None
    return max(0, int(policy.claim_window.total_seconds() - reckoning.used_seconds))


def _holder(case: Case, name: str | None, now: datetime) -> ExpertRef | None:
    held_by = domain.holder(case.standing, now)
    return ref(held_by, {held_by: name}) if held_by and name else None
