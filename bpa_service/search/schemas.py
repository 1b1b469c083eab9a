"""Looking for cases as the API speaks of it."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from bpa_service.cases.core.claims import display, display_plate
from bpa_service.cases.core.schemas import CaseHead
from bpa_service.cases.looking.queries import InShort
from bpa_service.search.documents import Facet
from service_kit.http.schemas import ApiInput, ApiOutput
from service_kit.search.asking.question import LONGEST
from service_kit.search.engines import Engine
from service_kit.search.showing.schemas import FitOut, LimitedOut, MatchOut, UnderstoodOut
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import Verdict

MOST_FACETS: Final = 40
_FACETS: Final = "|".join(Facet)
Chosen = Annotated[str, StringConstraints(pattern=rf"^({_FACETS}):[^\x00]+$", max_length=140)]
"""`verdict:clean`: one value of a facet. Of several of one facet any will do."""
Asked = Annotated[str, StringConstraints(max_length=LONGEST)]


class CaseFound(CaseHead):
    """A case in short. `identifier` and `plate` are as people read them; `verdict` is that of the answer."""

    identifier: str
    plate: str | None
    make: str | None
    model: str | None
    year: int | None
    verdict: Verdict | None

    @classmethod
    def as_found(cls, found: InShort) -> "CaseFound":
        claim = VehicleClaim.model_validate(found.case.claim)
        return cls(
            **CaseHead.of(found.case).model_dump(),
            identifier=display(claim),
            plate=display_plate(claim),
            make=claim.make,
            model=claim.model,
            year=claim.year,
            verdict=found.verdict,
        )


class FoundOut(ApiOutput):
    """A case that answers, and by what."""

    case: CaseFound
    fit: FitOut | None
    """Null where nothing was looked for but facets and dates."""
    matched: list[MatchOut]


class CountOut(ApiOutput):
    """How many of the cases that answer have this value of a facet. `label`: what people call it, where the value
    is an id.
    """

    value: str
    label: str | None
    count: int


class FoundPage(ApiOutput):
    """The cases that answer, those that fit best first, of equal ones the newest.

    `more_than_total`: no more than `total` were counted. `counts` are of each facet as if nothing were chosen in
    it. `limited` is null where nothing is missing.
    """

    items: list[FoundOut]
    next_cursor: str | None
    total: int
    more_than_total: bool
    counts: dict[Facet, list[CountOut]] | None
    understood: list[UnderstoodOut]
    limited: LimitedOut | None


ViewName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class KeptQuestion(ApiInput):
    """What is looked for. `facets` as in the question: `verdict:clean`."""

    q: Asked = ""
    facets: Annotated[list[Chosen], Field(max_length=MOST_FACETS)] = Field(default=[])
    since: date | None = None
    until: date | None = None


class SearchViewIn(ApiInput):
    """A question under a name. A shared one is there for everybody at the desk."""

    name: ViewName
    query: KeptQuestion
    shared: bool = False


class SearchViewOut(ApiOutput):
    """A question that somebody keeps. `may_change`: whether who asks may change or drop it."""

    name: str
    query: KeptQuestion
    shared: bool
    owner: ExpertRef
    may_change: bool
    saved_at: datetime


class SearchViewList(ApiOutput):
    """One's own, by name, then those that others share."""

    items: list[SearchViewOut]


class BehindOut(ApiOutput):
    """How many changes wait to be fed to the index, and for how long the oldest of them."""

    changes: int
    seconds: int


class BuildingOut(ApiOutput):
    """A copy of the index that is being built: how many of about how many cases are in it."""

    copy_number: int
    done: int
    about: int


class ComparedOut(ApiOutput):
    """The last time that the index was compared with the database: of how many, and how many were mended."""

    at: datetime
    compared: int
    mended: int


class SearchStateOut(ApiOutput):
    """How the index does. `live_copy` is null while the first one is built; `documents` is how many there were
    when it was compared last, and `refused` how many the engine will not take as they are.
    """

    engine: Engine
    live_copy: int | None
    documents: int | None
    refused: int
    behind: BehindOut
    building: BuildingOut | None
    compared: ComparedOut | None
