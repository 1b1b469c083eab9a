"""Looking for one's own inspections by whatever one remembers of them."""

from datetime import UTC, datetime

from fastapi import APIRouter

from cabinet_service.accounts import scopes
from cabinet_service.accounts.dependencies import StreamingClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.search import queries
from cabinet_service.search.schemas import InspectionsFound
from service_kit.http.access import by_key
from service_kit.http.pages import Cursor
from service_kit.http.route import CheckedRoute
from service_kit.search.showing.pages import read_cursor
from service_kit.search.showing.patience import ask
from service_kit.search.showing.schemas import FewRows, Typed

router = APIRouter(prefix="/api/v1/inspections", route_class=CheckedRoute, tags=["inspections"])

_PAGE = 20


@router.get("/search", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def search_inspections(
    client: StreamingClient,
    ports: PortsOfApp,
    q: Typed,
    cursor: Cursor = None,
    limit: FewRows = _PAGE,
) -> InspectionsFound:
    """What one has sent oneself, by whatever is remembered of it.

    Numbers are found as a whole, by a part of them, with `?` for an unknown character and `*` for any number of
    them, and with one mistake; words in whatever form they stand. What may be missing is said in `limited`;
    numbers that are typed as a whole are found in any case.
    """
    await ports.limits.hit("searches_per_account", str(client.account_id))
    after = read_cursor(cursor, q)
    # Not the database's time: no session is held while the index is asked, and nothing of it is kept.
    asked, question = queries.read(q, client, datetime.now(UTC))
    answered = await ask(ports.search, question, whose=str(client.account_id), after=after, limit=limit)
    async with ports.backbone.database.reading(scopes.of(client)) as session:
        return await queries.page(session, client, q, asked, answered, after=after, limit=limit)
