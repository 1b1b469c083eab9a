"""What a source knows of a vehicle, block by block: silence never reads as "clean"."""

from dataclasses import dataclass
from datetime import datetime

from shared_schemas.records import CoverageState, Kind


@dataclass(frozen=True, slots=True)
class Coverage:
    """How one block stands at one source.

    `count` is of the records found. `as_of` is when what was answered stood so, which for a bulk file is earlier
    than `asked_at`. `reason` is a stable code that says why, where there is something to say: `time_out`,
    `html_instead_of_data`, `count_without_records`, `circuit_open`, `placeholder`, …
    """

    source: str
    kind: Kind
    state: CoverageState
    asked_at: datetime | None = None
    as_of: datetime | None = None
    count: int = 0
    reason: str = ""
