"""What is known of the car of a case."""

from uuid import UUID

from fastapi import APIRouter

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.known import graph, queries
from bpa_service.cases.known.covering import registers
from bpa_service.cases.known.graph_schemas import GraphOut
from bpa_service.cases.known.schemas import KnownOut
from bpa_service.cases.naming import queries as naming
from bpa_service.evidence.links import previews
from bpa_service.experts import scopes
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.experts.tokens.domain import TokenScope
from bpa_service.vehicles.learning.dependencies import LearnedOfApp
from bpa_service.vehicles.lookup.dependencies import FinderOfApp, LookingUp
from bpa_service.vehicles.lookup.naming import names_in
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/known", route_class=CheckedRoute, tags=["cases"])

of_graph = APIRouter(prefix="/api/v1/cases/{case_id}/graph", route_class=CheckedRoute, tags=["cases"])


@router.get("", dependencies=[by_key(TokenScope.CASES_READ)])
async def get_known(
    case_id: UUID,
    _expert: CurrentExpert,
    session: Reading,
    ports: PortsOfApp,
    learned: LearnedOfApp,
    now: Now,
) -> KnownOut:
    """Earlier and parallel cases of its number, plate and photos, what its VIN says, and who was asked."""
    found = await queries.known(session, case_id)
    if found is None:
        raise NotFound
    return KnownOut.of(found, now, learned, previews(ports.backbone.keys, ports.settings.photos_url, now))


@of_graph.get("")
async def get_graph(
    case_id: UUID, expert: LookingUp, ports: PortsOfApp, finder: FinderOfApp, now: Now
) -> GraphOut:
    """How its car's names and photos hang together with other cases, and what is said of its number that differs.

    Records of the car are asked for two seconds at most; without them it is drawn all the same.
    """
    async with ports.backbone.database.reading(scopes.of(expert)) as session:
        found = await queries.known(session, case_id)
        if found is None:
            raise NotFound
        drawn = [found.case.id, *(other.case.id for other in graph.shown_in(found))]
        names = await naming.of_cases(session, drawn)
    by = names_in(found.claim)
    told = await finder.find(by, scopes.of(expert), now) if by else None
    blocks = told.history.blocks if told else ()
    records = [entry for block in blocks for entry in block.entries]
    covered = registers(
        {one.state for block in blocks for one in block.coverage}, has_number=told is not None
    )
    preview = previews(ports.backbone.keys, ports.settings.photos_url, now)
    return GraphOut.of(graph.graph_of(found, names, records), covered, now, preview)
