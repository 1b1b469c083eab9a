"""How one arranges the queue for oneself."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.arranging import queries, service
from bpa_service.cases.arranging.schemas import ArrangementOut, KeptViewIn, KeptViewOut, SnoozeOut, ViewName
from bpa_service.experts.dependencies import CurrentExpert
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/queue/arrangement", route_class=CheckedRoute, tags=["queue"])


@router.get("")
async def get_arrangement(expert: CurrentExpert, session: Reading, now: Now) -> ArrangementOut:
    """What one put off, and the views that one keeps. The hint `queue.arranged` of oneself tells of changes."""
    return ArrangementOut(
        at=now,
        snoozed=[SnoozeOut.of(one) for one in await queries.snoozed(session, expert.id, now)],
        views=[KeptViewOut.of(one) for one in await queries.kept_views(session, expert.id)],
    )


@router.put("/snoozed/{case_id}")
async def snooze_case(case_id: UUID, expert: CurrentExpert, session: WriteSession, now: Now) -> SnoozeOut:
    """Put a case off for five minutes, in one's own queue only; `POST /queue/next` passes it over."""
    return SnoozeOut(case_id=case_id, until=await service.snooze(session, case_id, by=expert, now=now))


@router.delete("/snoozed", status_code=HTTPStatus.NO_CONTENT)
async def wake_cases(expert: CurrentExpert, session: WriteSession) -> None:
    """Have all come back that one put off."""
    await service.wake(session, by=expert)


@router.put("/views", status_code=HTTPStatus.NO_CONTENT)
async def keep_view(body: KeptViewIn, expert: CurrentExpert, session: WriteSession, now: Now) -> None:
    """Keep a view in place of the one of its name.

    The last write of a name counts, whichever device it came from; views of other names stay. Of more than twenty
    the oldest go.
    """
    await service.keep_view(session, body, by=expert, now=now)


@router.delete("/views", status_code=HTTPStatus.NO_CONTENT)
async def drop_view(name: ViewName, expert: CurrentExpert, session: WriteSession) -> None:
    """Keep a view no longer."""
    await service.drop_view(session, name, by=expert)
