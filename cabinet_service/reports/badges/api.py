"""The badge of an inspection, for whoever sees the inspection."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.reports.badges import links, queries, reading, service
from cabinet_service.reports.badges.models import ReportBadge
from cabinet_service.reports.badges.schemas import BadgeOut, BadgePaste, MadeBadge
from cabinet_service.reports.subjects import Subject
from service_kit.http.edge import Now, Reading
from service_kit.http.route import CheckedRoute

router = APIRouter(tags=["sharing"], route_class=CheckedRoute)
_PATH: Final = "/api/v1/inspections/{inspection_id}/badge"


@router.get(_PATH)
async def get_badge(
    inspection_id: UUID, client: CurrentClient, session: Reading, now: Now, ports: PortsOfApp
) -> BadgeOut:
    """The badge for adverts of an inspection, and whether there may be one."""
    subject = Subject(inspection_id)
    await subject.order_of(session, client)
    may_be_made = await reading.told_of(session, subject) is not None
    badge = await queries.standing(session, inspection_id)
    shows = may_be_made and badge is not None and badge.is_live(now)
    return BadgeOut(may_be_made=may_be_made, badge=badge and _shown(badge, ports, is_shown=shows))


@router.put(_PATH)
async def put_badge(inspection_id: UUID, acting: CurrentAct, ports: PortsOfApp) -> BadgeOut:
    """Make a badge for adverts: a picture by an address that nobody guesses, for 90 days; one that is there works
    for as long again.

    It says what the newest answer is, as long as that is `clean`, of a car with a VIN or a frame number; else,
    and while the answer is disputed, that it is not valid now.
    """
    await quotas.count(ports.limits, "shares", acting.client)
    await Subject(inspection_id).order_of(acting.session, acting.client)
    made = await service.make(acting, inspection_id, keys=ports.secrets)
    return BadgeOut(may_be_made=True, badge=_shown(made, ports, is_shown=True))


@router.delete(_PATH, status_code=HTTPStatus.NO_CONTENT)
async def revoke_badge(inspection_id: UUID, acting: CurrentAct) -> None:
    """End the badge: wherever it was put, it says a minute later that it is not valid, and for good."""
    await Subject(inspection_id).order_of(acting.session, acting.client)
    await service.revoke(acting, inspection_id)


def _shown(badge: ReportBadge, ports: ApiPorts, *, is_shown: bool) -> MadeBadge:
    token = links.TOKENS.of(badge.id, badge.token_sha256, ports.secrets)
    paste = BadgePaste.of(ports.settings.public_url, token) if token else []
    return MadeBadge(is_shown=is_shown, created_at=badge.created_at, expires_at=badge.expires_at, paste=paste)
