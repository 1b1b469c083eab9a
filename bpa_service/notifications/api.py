"""What one was told."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter

from bpa_service.db.tables import AUDIENCE
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.notifications.notices import notices
from bpa_service.notifications.schemas import NotificationOut, WhatWasSeen
from service_kit import live
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.notifying import reading
from service_kit.notifying.notices import SEEN

router = APIRouter(prefix="/api/v1/notifications", tags=["notifications"], route_class=CheckedRoute)
MOST: Final = 50


@router.get("")
async def list_notifications(expert: CurrentExpert, session: Reading) -> list[NotificationOut]:
    """The newest fifty, the youngest first."""
    newest = await reading.newest(session, notices, expert.id, most=MOST)
    return [NotificationOut.of(told) for told in newest]


@router.post("/seen", status_code=HTTPStatus.NO_CONTENT)
async def see_notifications(
    body: WhatWasSeen, expert: CurrentExpert, session: WriteSession, now: Now
) -> None:
    """One has seen what one was told, and need not be told it again elsewhere. Said again it changes nothing."""
    if await notices.see(session, expert.id, subject_id=body.case_id, now=now):
        live.announce(session, audience=AUDIENCE, kind=SEEN, subject_id=expert.id)
