"""Which sources were asked about the car of a case."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import PolicyOfApp, may_once
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.enquiring import service
from bpa_service.cases.enquiring.schemas import EnquiriesOut, EnquiryIn, EnquiryOut
from bpa_service.experts.dependencies import CurrentExpert, Once
from bpa_service.vehicles.enquiries import queries
from service_kit.db import ReadSession
from service_kit.http.edge import Now, Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/cases/{case_id}/vehicle/enquiries", route_class=CheckedRoute, tags=["cases"]
)


@router.get("")
async def enquiries(
    case_id: UUID, _expert: CurrentExpert, session: Reading, policy: PolicyOfApp, now: Now
) -> EnquiriesOut:
    """Which sources were asked, and how each block of their answers stands; what they said is in the history.

    An answer comes by itself: a hint on the stream (`case.vehicle_answered`) says when.
    """
    if await session.get(Case, case_id) is None:
        raise NotFound
    return await _told(session, case_id, policy.sources, now)


@router.post("", status_code=HTTPStatus.ACCEPTED)
async def ask_source_again(
    case_id: UUID,
    body: EnquiryIn,
    acting: Annotated[ExpertActing, may_once(Act.RECORD_FINDING)],
    once: Once,
    ports: PortsOfApp,
) -> EnquiriesOut:
    """Ask a source once more, though it has answered before; what it costs, it costs again."""
    await ports.limits.hit("enquiries_per_expert", str(acting.by.id))
    await service.ask_again(acting, case_id, body.source)
    told = await _told(acting.session, case_id, acting.policy.sources, acting.now)
    return await once.keep(told, status=HTTPStatus.ACCEPTED)


async def _told(session: ReadSession, case_id: UUID, sources: tuple[str, ...], now: Now) -> EnquiriesOut:
    found = await queries.of_case(session, case_id, now, sources=sources)
    return EnquiriesOut(sources=list(sources), enquiries=[EnquiryOut.of(one) for one in found])
