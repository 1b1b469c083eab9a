"""What is in a report: facts alone, in one versioned structure, from which page and PDF are made in any language.

bpa makes it once for each version of an answer and never changes it; its digest stands in the log of both
services. What people typed stands as they typed it; all else is codes, numbers and instants.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import DecisionView
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import AnsweredShot
from shared_schemas.personal import PERSONAL
from shared_schemas.records import CoverageState, FallKind, Kind, MileageQuality, Outcome, Precision
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.words import CapturedAtSource, Shot

FORM: Final = 1
"""The number of this structure. Readers take what is older; a field that is new has a default."""

MOST_ENTRIES: Final = 30
"""Records of one block that a report lists, the newest; it says how many there are."""


class ReportKind(StrEnum):
    """`vehicle`: what sources know of a car, which nobody has looked at."""

    INSPECTION = "inspection"
    VEHICLE = "vehicle"


class AuthorRole(StrEnum):
    """As what the person answered whose verdict it is."""

    EXPERT = "expert"
    SENIOR = "senior"


class ReportPhoto(Contract):
    """A photo that was looked at. `sha256` is hex, of the original; the bytes stay with cabinet."""

    evidence_id: UUID
    shot: Shot
    sha256: Annotated[str, PERSONAL]
    width: int
    height: int
    captured_at: Annotated[UtcDatetime | None, PERSONAL]
    captured_at_source: CapturedAtSource
    received_at: UtcDatetime


class SourceCoverage(Contract):
    """How a block stands at one source. Only `empty` says that nothing is on record, and only there.

    `asked_at` is null where files were looked at, which stood so `as_of`. `reason` is a stable code.
    """

    source: str
    state: CoverageState
    asked_at: UtcDatetime | None = None
    as_of: UtcDatetime | None = None
    count: int = 0
    reason: str = ""


class ReportEntry(Contract):
    """What one source says, in its own words (`text`). `id` is that of the record, which findings name.

    Of a year or month the days are the first. `mileage_km` is null where it cannot be compared.
    """

    id: str
    source: str
    began: date | None
    ended: date | None
    precision: Precision
    as_of: UtcDatetime
    mileage_km: int | None = None
    mileage_quality: MileageQuality = MileageQuality.NONE
    outcome: Outcome = Outcome.NONE
    place: str = ""
    text: str = ""
    amount: float | None = None
    currency: str = ""


class ReportBlock(Contract):
    """One kind of records: how it stands at each source, and the newest records, the newest first.

    Without any coverage no source that is known here has such records. `count` is of all that there are.
    """

    kind: Kind
    coverage: tuple[SourceCoverage, ...]
    count: int
    entries: tuple[ReportEntry, ...] = ()


class Saying(Contract):
    """What is said of one thing by all who say the same: sources by their names, and `claim`, `vin`.

    Of a mileage it is kilometres, in figures, and `on` the day of the reading, as exact as `precision` says.
    """

    said: Annotated[str, PERSONAL]
    by: tuple[str, ...]
    on: Annotated[date | None, PERSONAL] = None
    precision: Precision = Precision.NONE


class Contradiction(Contract):
    """Something of which not all say the same: `about` is an aspect (`colour`), a part of the claim (`year`), or
    `mileage`, which falls. How much it weighs is `severity`.

    Of a `number` the client's stands alone where it is nobody's; else `vin` says what its check digit would make
    of it.
    """

    about: str
    severity: DoubtSeverity
    sayings: tuple[Saying, ...]


class ReadMileage(Contract):
    """A reading of the odometer."""

    day: date
    precision: Precision
    km: int
    source: str


class MileageFall(Contract):
    """Between two readings, `before` the earlier one, the mileage falls by `km`. Only a rollback speaks against
    the car: the other kinds have an honest explanation.
    """

    kind: FallKind
    km: int
    before: ReadMileage
    after: ReadMileage


class Silence(Contract):
    """Whole years, the first and the last, of which no source has a record: not that nothing happened."""

    first_year: int
    last_year: int


class RecallInRange(Contract):
    """A recall of a range of numbers in which this one lies (`certain`) or may lie. That is no fault of the car,
    and whether it was repaired is not on record.
    """

    source: str
    text: str
    certain: bool


class SourceTitle(Contract):
    """What people call a source."""

    name: str
    title: str


class ReportHistory(Contract):
    """What sources know of the car, as of `asked_at`: a block of each kind.

    `owners` is the most owners that any one source counts; null if none does. `falls` are where the mileages
    fall, as judged: that one is lower than the one before it is no fall.
    """

    asked_at: UtcDatetime
    blocks: tuple[ReportBlock, ...]
    silences: tuple[Silence, ...] = ()
    mileages: tuple[ReadMileage, ...] = ()
    falls: tuple[MileageFall, ...] = ()
    owners: int | None = None
    recalls: tuple[RecallInRange, ...] = ()
    sources: tuple[SourceTitle, ...] = ()


class Report(Contract):
    """A version of the document. `decision` is null in a report of kind `vehicle`, and so is what belongs to it.

    `version` is that of the decision. `replaces` is the version before it that had a report, if there is one.
    `history_id` is the order of a report of kind `vehicle`, which has no inspection. One that `is_test` was made
    in a sandbox: it is about no car, and nobody has looked at anything.
    """

    form: int = FORM
    report_id: UUID
    kind: ReportKind
    inspection_id: UUID | None
    number: str
    version: int = Field(ge=1)
    replaces: int | None = None
    made_at: UtcDatetime
    claim: VehicleClaim
    worry: Annotated[str | None, PERSONAL] = None
    submitted_at: UtcDatetime | None = None
    decision: DecisionView | None = None
    author_role: AuthorRole | None = None
    photos: tuple[ReportPhoto, ...] = ()
    shot_answers: Annotated[tuple[AnsweredShot, ...], PERSONAL] = ()
    contradictions: tuple[Contradiction, ...] = ()
    history: Annotated[ReportHistory | None, PERSONAL] = None
    clock: Clock | None = None
    history_id: UUID | None = None
    is_test: bool = False

    def body(self) -> dict[str, Any]:
        """It as JSON: what is kept and sent."""
        return self.model_dump(mode="json")


def canonical(body: Mapping[str, Any]) -> bytes:
    """The bytes that the digest of a report is of: JSON with sorted keys and without spaces, in UTF-8.

    They are made of a report as it was kept. What reads it may know fields that whoever made it did not, and to
    dump it anew would add them.
    """
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of `canonical`, in hex."""
    return hashlib.sha256(canonical(body)).hexdigest()


ReportLanguage = Literal["ru", "en"]
