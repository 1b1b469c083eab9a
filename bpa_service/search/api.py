"""Looking for cases by whatever somebody remembers of them."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.core.dependencies import PolicyOfApp
from bpa_service.experts import scopes
from bpa_service.experts.dependencies import Overseer
from bpa_service.search import cars, finding
from bpa_service.search.car_schemas import CarsPage
from bpa_service.search.dependencies import ChosenFacets, Searching
from bpa_service.search.questions import Wanted
from bpa_service.search.schemas import FoundPage, SearchStateOut
from bpa_service.vehicles.lookup.dependencies import LookingUp
from bpa_service.vehicles.store.dependencies import RecordsOfApp
from bpa_service.vehicles.store.numbers import Numbers
from service_kit.http.pages import Cursor
from service_kit.http.route import CheckedRoute
from service_kit.search.showing.schemas import FewRows, Typed

router = APIRouter(prefix="/api/v1/search", route_class=CheckedRoute, tags=["search"])

_PAGE = 30
_CARS = 20
FewCars = Annotated[int, Query(ge=1, le=_CARS, description="Numbers that are shown at most.")]
Counting = Annotated[bool, Query(description="Whether to count the values of the facets.")]
Since = Annotated[date | None, Query(description="Only cases opened on this day or later.")]
Until = Annotated[date | None, Query(description="Only cases opened on this day or earlier.")]


@router.get("/cases")
async def search_cases(
    expert: Searching,
    ports: PortsOfApp,
    policy: PolicyOfApp,
    q: Typed,
    facets: ChosenFacets,
    since: Since = None,
    until: Until = None,
    counts: Counting = False,
    cursor: Cursor = None,
    limit: FewRows = _PAGE,
) -> FoundPage:
    """Cases of every state by whatever is remembered of them.

    Numbers are found as a whole, by a part of them, with `?` for an unknown character and `*` for any number of
    them, and with one mistake; words in whatever form they stand. It takes no longer than some two seconds: what
    may be missing is said in `limited`. Numbers that are typed as a whole are found in any case.
    """
    wanted = Wanted(typed=q, facets=facets, since=since, until=until, counting=counts)
    # Not the database's: no session is held while the index is asked, and nothing of it is kept.
    now = datetime.now(UTC)
    return await finding.page(
        ports,
        scopes.of(expert),
        policy.zone,
        now,
        wanted,
        whose=str(expert.id),
        cursor=cursor,
        limit=limit,
    )


@router.get("/vehicles")
async def search_vehicles(
    _expert: LookingUp, records: RecordsOfApp, policy: PolicyOfApp, q: Typed, limit: FewCars = _CARS
) -> CarsPage:
    """Numbers of cars that records of sources know: as a whole, by how they begin or end, with `?` and `*` for
    unknown characters, and with one mistake in eight or more.

    Parts from the middle are not looked for. It takes no longer than two seconds, and says what may be missing.
    """
    numbers = Numbers(records.engine) if records else None
    return await cars.find(numbers, q, datetime.now(policy.zone).date(), limit=limit)


@router.get("/state")
async def get_search_state(expert: Overseer, ports: PortsOfApp) -> SearchStateOut:
    """How the index does that is asked, and what it lacks."""
    return await finding.state(ports, scopes.of(expert))
