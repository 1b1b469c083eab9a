"""Watched cars as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from cabinet_service.inspections.core.models import Inspection
from cabinet_service.watching.cars import reading_of
from cabinet_service.watching.models import Watch, WatchNews
from service_kit.http.schemas import ApiOutput


class WatchOut(ApiOutput):
    """A car that one watches, by the inspection of it, until `ends_at`.

    `looked_at` is when it was looked at last, null before the first time; `news` is what was new when one was
    told last, at `told_at`.
    """

    inspection_id: UUID
    number: str
    identifier: str | None
    make: str | None
    model: str | None
    year: int | None
    company_id: UUID | None
    started_at: datetime
    ends_at: datetime
    looked_at: datetime | None
    news: list[WatchNews]
    told_at: datetime | None

    @classmethod
    def of(cls, watch: Watch, inspection: Inspection) -> "WatchOut":
        reading = reading_of(inspection)
        return cls(
            inspection_id=inspection.id,
            number=inspection.number,
            identifier=reading.display if reading else None,
            make=inspection.make,
            model=inspection.model,
            year=inspection.year,
            company_id=inspection.company_id,
            started_at=watch.started_at,
            ends_at=watch.ends_at,
            looked_at=watch.looked_at,
            news=[WatchNews(one) for one in watch.news],
            told_at=watch.told_at,
        )
