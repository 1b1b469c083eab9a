"""Routes of shifts: coming and going, who is where, the lead's board, one's own statistics."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.core import queries as cases
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import PolicyOfApp, may_once
from bpa_service.cases.core.domain import VERDICT_ROLES, Act
from bpa_service.cases.holding.schemas import LeaseOut
from bpa_service.cases.incidents import queries as incidents
from bpa_service.cases.incidents.schemas import IncidentOut
from bpa_service.evidence.links import previews
from bpa_service.experts.dependencies import CurrentExpert, Once, Overseer, only
from bpa_service.experts.domain import OVERSEERS, Expert
from bpa_service.shifts import board, handing_over, queries, service
from bpa_service.shifts.schemas import BoardOut, HandoverIn, HereList, HoldingOut, ShiftOut, StatisticsOut
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.problems import NotAllowed
from service_kit.http.route import CheckedRoute
from service_kit.zones import zone_named

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["shifts"])

ZoneName = Annotated[str, AfterValidator(lambda name: zone_named(name).key)]
Visit = Annotated[
    UUID | None,
    Query(
        description="An id of one's own for one stay on one screen: a sign that comes after its end is no sign."
    ),
]
Holder = Annotated[Expert, Depends(only(*VERDICT_ROLES, *OVERSEERS))]
Worker = Annotated[Expert, Depends(only(*VERDICT_ROLES))]


@router.get("/shifts/current")
async def get_shift(expert: Worker, session: Reading) -> ShiftOut:
    """Whether one is on shift."""
    return ShiftOut(since=await queries.shift_of(session, expert.id))


@router.put("/shifts/current")
async def start_shift(expert: Worker, session: WriteSession, now: Now) -> ShiftOut:
    """Begin to work: to be counted on for new cases. Who works already goes on."""
    shift = await service.start(session, by=expert, now=now)
    return ShiftOut(since=shift.started_at)


@router.delete("/shifts/current", status_code=HTTPStatus.NO_CONTENT)
async def end_shift(expert: Worker, session: WriteSession, now: Now) -> None:
    """Be counted on no more. Cases in hand stay in hand."""
    await service.end(session, by=expert, now=now)


@router.get("/shifts/holding")
async def get_holding(
    expert: Holder,
    session: Reading,
    ports: PortsOfApp,
    policy: PolicyOfApp,
    now: Now,
    of: Annotated[UUID | None, Query(description="Somebody else's, for who leads the shift.")] = None,
) -> HoldingOut:
    """The open cases that one has in hand, and who on shift could take them."""
    if of not in (None, expert.id) and expert.role not in OVERSEERS:
        raise NotAllowed
    found = await handing_over.held_by(session, of or expert.id)
    return HoldingOut.of(found, policy, now, previews(ports.backbone.keys, ports.settings.photos_url, now))


@router.post("/cases/{case_id}/handover", status_code=HTTPStatus.CREATED)
async def hand_over_case(
    case_id: UUID, body: HandoverIn, acting: Annotated[ExpertActing, may_once(Act.REASSIGN)], once: Once
) -> LeaseOut:
    """Give a case that one has in hand to somebody on shift, or back to the queue, and say why.

    Who leads the shift hands over others' cases too. What was written in it stays, for whoever goes on.
    """
    lease = await handing_over.hand_over(
        acting, case_id, holder_id=body.holder_id, to=body.to_id, reason=body.reason
    )
    return await once.keep(lease)


@router.get("/presence")
async def list_presence(_expert: CurrentExpert, session: Reading, now: Now) -> HereList:
    """Who has which case on their screen."""
    return HereList.of(await queries.here(session, now))


@router.put("/cases/{case_id}/presence", status_code=HTTPStatus.NO_CONTENT)
async def appear(
    case_id: UUID, expert: CurrentExpert, session: WriteSession, now: Now, visit: Visit = None
) -> None:
    """Say that one has the case on the screen; again every 20 s, for a sign counts for 65 s."""
    await service.appear(session, case_id, by=expert, now=now, visit_id=visit)


@router.delete("/cases/{case_id}/presence", status_code=HTTPStatus.NO_CONTENT)
async def leave(
    case_id: UUID, expert: CurrentExpert, session: WriteSession, now: Now, visit: Visit = None
) -> None:
    """Say that one has it on the screen no more."""
    await service.leave(session, case_id, by=expert, now=now, visit_id=visit)


@router.get("/shift-board")
async def get_board(
    expert: Overseer, session: Reading, ports: PortsOfApp, policy: PolicyOfApp, now: Now
) -> BoardOut:
    """How the shift stands, and what is to be expected of the next half hour."""
    found = await board.look(session, viewer=expert, policy=policy, now=now)
    incident = await incidents.lasting(session)
    names = await cases.names(session, [incident.started_by] if incident else [])
    preview = previews(ports.backbone.keys, ports.settings.photos_url, now)
    told = IncidentOut.of(incident, names) if incident else None
    return BoardOut.of(found, told, policy, now, preview)


@router.get("/me/statistics")
async def get_statistics(
    expert: CurrentExpert,
    session: Reading,
    policy: PolicyOfApp,
    now: Now,
    days: Annotated[int, Query(ge=1, le=92)] = 28,
    tz: Annotated[ZoneName | None, Query(max_length=64, examples=["Europe/Moscow"])] = None,
) -> StatisticsOut:
    """What one did in the last `days` days, today among them.

    Days begin at midnight in `tz`, a name of the IANA list; without one, where the opening hours are, or in UTC.
    """
    zone = zone_named(tz) if tz else policy.zone
    since = queries.days_ago(now, days, zone)
    return StatisticsOut.of(await queries.work_of(session, expert.id, since=since, zone=zone), zone)
