"""Places on the photos of a case: what a question or a finding is about."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from pydantic import ConfigDict, Field

from bpa_service.cases.core import errors
from bpa_service.cases.core.models import Case
from bpa_service.evidence import queries as evidence
from service_kit.db import ReadSession
from service_kit.http.schemas import ApiInput
from shared_schemas.evidence import PlaceOnEvidence, Region

MAX_PLACES: Final = 20


class RegionIn(Region):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlaceIn(ApiInput):
    """A photo of the case, and where on it if not the whole of it."""

    evidence_id: UUID
    region: RegionIn | None = None

    def place(self) -> PlaceOnEvidence:
        return PlaceOnEvidence(evidence_id=self.evidence_id, region=self.region)


Places = Annotated[tuple[PlaceIn, ...], Field(max_length=MAX_PLACES)]


async def check_places(session: ReadSession, case: Case, places: Sequence[PlaceIn]) -> None:
    """Raises UnknownEvidence unless every place is on a photo of the case."""
    foreign = await evidence.foreign_to(session, case.id, {place.evidence_id for place in places})
    if foreign:
        raise errors.UnknownEvidence(evidence_ids=[str(evidence_id) for evidence_id in sorted(foreign)])
