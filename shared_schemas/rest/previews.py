"""What is known of a car before anybody orders anything, as bpa answers cabinet: counts, and nothing else."""

from enum import StrEnum

from pydantic import Field

from shared_schemas.base import Contract, UtcDatetime


class PreviewState(StrEnum):
    """Whether there is anything. Neither NOTHING nor UNKNOWN says that a car is in order.

    NOTHING: no file that was imported names it. UNKNOWN: nobody could look.
    """

    KNOWN = "known"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class BlockCount(Contract):
    """How many records of one kind a source has."""

    source: str
    kind: str
    records: int = Field(ge=1)


class VehiclePreview(Contract):
    """What the files of sources have of a car: no person, no detail, no judgement.

    `as_of` is when the newest of them says that it stood so.
    """

    state: PreviewState
    blocks: tuple[BlockCount, ...] = ()
    as_of: UtcDatetime | None = None
    last_mileage_year: int | None = None
