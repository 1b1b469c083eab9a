"""What the desk is told of the sources that were asked about a car."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from bpa_service.vehicles.enquiries import asked_sources
from bpa_service.vehicles.enquiries.queries import SourceAnswer
from bpa_service.vehicles.records.record import IdentifierName
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.records import CoverageState, Kind


class EnquiryIn(ApiInput):
    """Which source is to be asked again, by its name."""

    source: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class BlockOut(ApiOutput):
    """How a block of the history stands at the source. `reason` is a stable code, empty where all is said."""

    kind: Kind
    state: CoverageState
    as_of: datetime | None
    count: int
    reason: str


class EnquiryOut(ApiOutput):
    """What one source was asked for a case.

    `asked_at` is when the source itself was asked, null if it was not yet; `cached`: for another case, of the
    same car. `asks_again_at` is when it is asked next by itself. `rejected` items of the answer could not be read
    as records.
    """

    id: UUID | None
    source: str
    title: str
    asked_by: IdentifierName | None
    put_at: datetime | None
    asked_at: datetime | None
    asks_again_at: datetime | None
    cached: bool
    records: int
    rejected: int
    blocks: list[BlockOut]

    @classmethod
    def of(cls, told: SourceAnswer) -> "EnquiryOut":
        facts = asked_sources.facts(told.source)
        return cls(
            id=told.enquiry_id,
            source=told.source,
            title=facts.title if facts else told.source,
            asked_by=told.about and told.about.name,
            put_at=told.put_at,
            asked_at=told.asked_at,
            asks_again_at=told.asks_again_at,
            cached=told.cached,
            records=len(told.records),
            rejected=told.rejected,
            blocks=[
                BlockOut(kind=one.kind, state=one.state, as_of=one.as_of, count=one.count, reason=one.reason)
                for one in told.coverage
            ],
        )


class EnquiriesOut(ApiOutput):
    """Which sources were asked for a case, the newest question first. `sources` are turned on here."""

    sources: list[str]
    enquiries: list[EnquiryOut]
