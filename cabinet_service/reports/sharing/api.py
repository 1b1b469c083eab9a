"""Links to a report, for whoever sees the inspection or the ordered history."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient, once
from cabinet_service.accounts.domain import Client
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.core.errors import NotAnswered
from cabinet_service.reports import queries as reports
from cabinet_service.reports.errors import RETRY_AFTER, ReportNotReady
from cabinet_service.reports.sharing import links, queries, service
from cabinet_service.reports.sharing.models import ReportShare
from cabinet_service.reports.sharing.schemas import ShareIn, ShareOut
from cabinet_service.reports.subjects import Subject
from service_kit import idempotency
from service_kit.db import ReadSession
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(tags=["sharing"], route_class=CheckedRoute)
_OF_INSPECTIONS: Final = "/api/v1/inspections/{inspection_id}/shares"
_OF_HISTORIES: Final = "/api/v1/histories/{history_id}/shares"
_LINK: Final = "url"


async def _once(
    request: Request,
    session: WriteSession,
    client: CurrentClient,
    key: IdempotencyKey,
    now: Now,
    ports: PortsOfApp,
) -> idempotency.Once:
    """As `once`; but the answer is kept without its link: whoever reads what is kept opens nothing."""
    try:
        return await once(request, session, client, key, now, ports)
    except idempotency.Replay as earlier:
        made = await session.get_one(ReportShare, UUID(earlier.body["id"]))
        link = {_LINK: _address(made, ports)}
        raise idempotency.Replay(earlier.body | link, earlier.status) from None


Once = Annotated[idempotency.Once, Depends(_once, scope="function")]


@router.post(_OF_INSPECTIONS, status_code=HTTPStatus.CREATED)
async def share_report(
    inspection_id: UUID, body: ShareIn, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> ShareOut:
    """A link that shows the report to whoever has it, without a sign-in, until it expires or is ended.

    It shows the newest version, and goes on showing those that it has shown.
    """
    await quotas.count(ports.limits, "shares", acting.client)
    inspection = await inspections.inspection(acting.session, inspection_id, client=acting.client)
    subject = Subject(inspection_id=inspection.id)
    if not await reports.versions(acting.session, subject):
        is_answered = await answers.is_answered(acting.session, inspection)
        raise ReportNotReady(headers=RETRY_AFTER) if is_answered else NotAnswered
    return await _made(acting, subject, body, once, ports)


@router.post(_OF_HISTORIES, status_code=HTTPStatus.CREATED)
async def share_history(
    history_id: UUID, body: ShareIn, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> ShareOut:
    """A link that shows the report of an ordered history to whoever has it, without a sign-in."""
    await quotas.count(ports.limits, "shares", acting.client)
    subject = Subject(history_id=history_id)
    await subject.order_of(acting.session, acting.client)
    if not await reports.versions(acting.session, subject):
        raise ReportNotReady(headers=RETRY_AFTER)
    return await _made(acting, subject, body, once, ports)


async def _made(
    acting: ClientActing, subject: Subject, body: ShareIn, once: idempotency.Once, ports: ApiPorts
) -> ShareOut:
    made = await service.share(acting, subject, body, keys=ports.secrets)
    shown = _shown(made, ports, now=acting.now)
    await once.keep(shown.model_copy(update={_LINK: None}))
    return shown


@router.get(_OF_INSPECTIONS)
async def list_shares(
    inspection_id: UUID, client: CurrentClient, session: Reading, now: Now, ports: PortsOfApp
) -> list[ShareOut]:
    """The links to the report of an inspection, the youngest first, and how often each was opened."""
    return await _listed(session, Subject(inspection_id=inspection_id), client, ports, now=now)


@router.get(_OF_HISTORIES)
async def list_history_shares(
    history_id: UUID, client: CurrentClient, session: Reading, now: Now, ports: PortsOfApp
) -> list[ShareOut]:
    """The links to the report of an ordered history, the youngest first, and how often each was opened."""
    return await _listed(session, Subject(history_id=history_id), client, ports, now=now)


async def _listed(
    session: ReadSession, subject: Subject, client: Client, ports: ApiPorts, *, now: datetime
) -> list[ShareOut]:
    await subject.order_of(session, client)
    rows = await queries.shares(session, subject)
    browsers = await queries.browsers_of(session, [row.id for row in rows])
    return [_shown(row, ports, browsers=browsers.get(row.id, 0), now=now) for row in rows]


@router.delete(f"{_OF_INSPECTIONS}/{{share_id}}", status_code=HTTPStatus.NO_CONTENT)
async def revoke_share(inspection_id: UUID, share_id: UUID, acting: CurrentAct) -> None:
    """End a link: from the next request on it shows nothing to anybody."""
    await _revoked(acting, Subject(inspection_id=inspection_id), share_id)


@router.delete(f"{_OF_HISTORIES}/{{share_id}}", status_code=HTTPStatus.NO_CONTENT)
async def revoke_history_share(history_id: UUID, share_id: UUID, acting: CurrentAct) -> None:
    """End a link to an ordered history: from the next request on it shows nothing to anybody."""
    await _revoked(acting, Subject(history_id=history_id), share_id)


async def _revoked(acting: ClientActing, subject: Subject, share_id: UUID) -> None:
    await subject.order_of(acting.session, acting.client)
    await service.revoke(acting, subject, share_id)


def _shown(share: ReportShare, ports: ApiPorts, *, browsers: int = 0, now: datetime) -> ShareOut:
    return ShareOut.of(share, url=_address(share, ports), browsers=browsers, now=now)


def _address(share: ReportShare, ports: ApiPorts) -> str | None:
    token = links.TOKENS.of(share.id, share.token_sha256, ports.secrets)
    return links.address(ports.settings.public_url, token) if token else None
