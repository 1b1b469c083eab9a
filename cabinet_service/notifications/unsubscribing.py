"""No more letters of a kind, by one POST from the mail program (RFC 8058), without signing in."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from cabinet_service.api_ports import PortsOfApp
from cabinet_service.notifications import links
from cabinet_service.notifications.models import Delivery, Notification
from cabinet_service.notifications.notices import notices
from service_kit import audit
from service_kit.db import Session
from service_kit.http.access import ANYBODY
from service_kit.http.edge import Now, ServiceSession
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from service_kit.signing import BadSignature

router = APIRouter(prefix=links.PREFIX, tags=["notifications"], route_class=CheckedRoute)
Signature = Annotated[str, Query(max_length=64)]


@router.post(links.PATH, status_code=HTTPStatus.NO_CONTENT, dependencies=[ANYBODY])
async def unsubscribe(
    delivery_id: UUID, signature: Signature, session: ServiceSession, now: Now, ports: PortsOfApp
) -> None:
    """Send no more letters of this kind. Other channels stay; said again it changes nothing."""
    try:
        links.check(ports.secrets, delivery_id, signature)
    except BadSignature:
        raise NotFound from None
    await _mute(session, delivery_id, now)


async def _mute(session: Session, delivery_id: UUID, now: datetime) -> None:
    told = await session.execute(
        select(Notification.person_id, Notification.kind, Delivery.channel)
        .join(Delivery, Delivery.notification_id == Notification.id)
        .where(Delivery.id == delivery_id)
    )
    row = told.first()
    if row is None:  # forgotten since, and so is whom it was sent to
        raise NotFound
    person_id, kind, channel = row
    choice = await notices.choice_of(session, person_id)
    muted = frozenset({*choice.muted, (str(kind), channel)})
    await notices.choose(session, person_id, replace(choice, muted=muted))
    details = {"kind": str(kind), "channel": channel}
    audit.record(session, "letters_unsubscribed", by=None, now=now, subject_id=person_id, details=details)
