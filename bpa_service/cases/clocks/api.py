"""Where the time of a case went."""

from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.asking import queries as asking
from bpa_service.cases.clocks.schemas import ClockOut
from bpa_service.cases.core.dependencies import PolicyOfApp
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.experts.tokens.domain import TokenScope
from bpa_service.sla import queries as sla
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["cases"])


@router.get("/clock", dependencies=[by_key(TokenScope.CASES_READ)])
async def get_clock(
    case_id: UUID, _expert: CurrentExpert, session: Reading, policy: PolicyOfApp, now: Now
) -> ClockOut:
    """Where the time went. A dispute has a clock of its own; those before it are `earlier`."""
    ledgers = await sla.ledgers_of(session, case_id)
    if not ledgers:
        raise NotFound
    return ClockOut.of(ledgers, await asking.questions_of(session, case_id), policy, now)
