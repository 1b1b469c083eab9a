"""What callers send."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from bpa_service.cases.models import CheckOutcome
from bpa_service.cases.service.asking import Ask
from bpa_service.cases.service.deciding import Draft
from bpa_service.cases.service.drafting import Writing
from bpa_service.cases.service.finding import Statement, StatementChange
from service_kit.http.schemas import ApiInput, LongText, ShortText
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.evidence import PlaceOnEvidence, Region
from shared_schemas.words import Shot, Verdict

MAX_PLACES: Final = 20
MAX_FINDINGS: Final = 50
MAX_NOT_COVERED: Final = 50

UnfinishedText = Annotated[str, StringConstraints(max_length=20_000)]
MediumText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class RegionIn(Region):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlaceIn(ApiInput):
    """A photo of the case, and where on it if not the whole of it."""

    evidence_id: UUID
    region: RegionIn | None = None

    def place(self) -> PlaceOnEvidence:
        return PlaceOnEvidence(evidence_id=self.evidence_id, region=self.region)


Places = Annotated[tuple[PlaceIn, ...], Field(max_length=MAX_PLACES)]


class Reassignment(ApiInput):
    expert_id: UUID


class Unprocessable(ApiInput):
    """`reason` is a word for programs, e.g. `not_a_vehicle`; `note` is for the client."""

    reason: ShortText
    note: LongText | None = None


class InfoTaskIn(ApiInput):
    """Ask for a photo of `shot`, an answer to `question`, or both; `place` is where on an earlier photo."""

    shot: Shot | None = None
    question: LongText
    place: PlaceIn | None = None
    blocking: bool

    def ask(self) -> Ask:
        return Ask(
            shot=self.shot,
            question=self.question,
            place=self.place.place() if self.place else None,
            blocking=self.blocking,
        )


class FindingIn(ApiInput):
    """A statement that rests on places on photos of the case, a vehicle record, or a rule: at least one."""

    severity: FindingSeverity
    text: MediumText
    places: Places = ()
    record_ref: ShortText | None = None
    rule_ref: ShortText | None = None

    def statement(self) -> Statement:
        return Statement(
            severity=self.severity,
            text=self.text,
            places=tuple(place.place() for place in self.places),
            record_ref=self.record_ref,
            rule_ref=self.rule_ref,
        )


class FindingPatch(ApiInput):
    """What is to be different; null, or nothing, leaves it as it is."""

    severity: FindingSeverity | None = None
    text: MediumText | None = None
    places: Places | None = None
    record_ref: ShortText | None = None
    rule_ref: ShortText | None = None

    def change(self) -> StatementChange:
        return StatementChange(
            severity=self.severity,
            text=self.text,
            places=None if self.places is None else tuple(place.place() for place in self.places),
            record_ref=self.record_ref,
            rule_ref=self.rule_ref,
        )


class CheckResultIn(ApiInput):
    outcome: CheckOutcome


class Priority(ApiInput):
    """An urgent case comes before all that are not."""

    urgent: bool


class WritingIn(ApiInput):
    """A verdict as far as it is written. `not_covered` has one thing a line; `without` are findings left out."""

    verdict: Verdict | None = None
    summary: UnfinishedText = ""
    advice: UnfinishedText = ""
    not_covered: UnfinishedText = ""
    without: Annotated[tuple[UUID, ...], Field(max_length=MAX_FINDINGS)] = ()

    def writing(self) -> Writing:
        return Writing(
            verdict=self.verdict,
            summary=self.summary,
            advice=self.advice,
            not_covered=self.not_covered,
            without=self.without,
        )


class TextIn(ApiInput):
    text: LongText


class SecondOpinionIn(ApiInput):
    question: LongText


class SecondOpinionAnswer(ApiInput):
    verdict: Verdict
    text: LongText


class DraftIn(ApiInput):
    """`finding_ids` are the findings it rests on, `not_covered` what could not be checked."""

    verdict: Verdict
    summary: LongText
    advice: LongText | None = None
    finding_ids: Annotated[tuple[UUID, ...], Field(max_length=MAX_FINDINGS)] = ()
    not_covered: Annotated[tuple[ShortText, ...], Field(max_length=MAX_NOT_COVERED)] = ()

    def draft(self) -> Draft:
        return Draft(
            verdict=self.verdict,
            summary=self.summary,
            advice=self.advice,
            finding_ids=self.finding_ids,
            not_covered=self.not_covered,
        )


class DecisionIn(DraftIn):
    """A preliminary one is a first word: the work goes on."""

    preliminary: bool = False


class AmendmentIn(DraftIn):
    """A new version of the answer, and why there is one. An amendment is never preliminary."""

    reason: LongText
    preliminary: Literal[False] = False


class IncidentIn(ApiInput):
    note: LongText
