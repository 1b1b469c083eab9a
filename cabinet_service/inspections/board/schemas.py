"""A company's board as the API speaks of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cabinet_service.inspections.board.phases import Phase
from cabinet_service.inspections.board.queries import MOST_COUNTED
from cabinet_service.inspections.viewing.schemas import InspectionRow
from service_kit.http.schemas import ApiOutput


class BoardRow(InspectionRow):
    """A check of the company. `name` is what whoever ordered it is called now, if they are.

    `photos` counts those that there are. `has_link`: somebody has a link by which the car can be photographed.
    `reminded_at` is when whoever has to photograph it was reminded last.
    """

    account_id: UUID
    name: str | None
    photos: int
    has_link: bool
    reminded_at: datetime | None


class BoardCountsOut(ApiOutput):
    """How many stand in each phase. More than `most` are told as `most`, with the phase in `more`."""

    counts: dict[Phase, int]
    more: list[Phase]
    most: int

    @classmethod
    def of(cls, counts: Mapping[Phase, int]) -> "BoardCountsOut":
        more = [phase for phase, count in counts.items() if count > MOST_COUNTED]
        return cls(
            counts={phase: min(count, MOST_COUNTED) for phase, count in counts.items()},
            more=more,
            most=MOST_COUNTED,
        )


class ReminderOut(ApiOutput):
    """What came of it. `told`: whoever ordered the check is told, as `name`.

    `links` are the addresses of links to the car that work: whoever has one is told by whoever reminds them.
    """

    reminded_at: datetime
    next_at: datetime
    told: bool
    name: str | None
    links: list[str]
