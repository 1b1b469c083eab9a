"""The reports of an inspection, and that of an ordered history."""

import asyncio
import hashlib
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Response

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.companies.logos.schemas import shown
from cabinet_service.reports import comparing, queries, reading
from cabinet_service.reports.errors import RETRY_AFTER, ReportNotReady
from cabinet_service.reports.reading import Read
from cabinet_service.reports.schemas import ComparisonOut, ReportOut, ReportVersionOut
from cabinet_service.reports.subjects import Subject
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.openapi import ETAG
from service_kit.http.route import CheckedRoute
from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presented import Reader

router = APIRouter(tags=["reports"], route_class=CheckedRoute)

IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="ETags that you have.")]
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]
Language = Annotated[ReportLanguage | None, Query(description="By default that of the account.")]
ForWhom = Annotated[Reader, Query(description="For whom it is worded.")]
_READ: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": ETAG},
    304: {"description": "It reads as it did.", "headers": ETAG},
}


@router.get("/api/v1/inspections/{inspection_id}/reports", dependencies=[by_key(KeyScope.REPORTS_READ)])
async def list_reports(
    inspection_id: UUID, client: CurrentClient, session: Reading
) -> list[ReportVersionOut]:
    """The report of each version of the answer, the oldest first. One is there moments after the answer."""
    subject = Subject(inspection_id=inspection_id)
    await subject.order_of(session, client)
    given = await subject.given(session)
    return [ReportVersionOut.of(one, given) for one in await queries.of_subject(session, subject)]


@router.get(
    "/api/v1/inspections/{inspection_id}/reports/{version}",
    response_model=ReportOut,
    responses=_READ,
    dependencies=[by_key(KeyScope.REPORTS_READ)],
)
async def get_report(
    inspection_id: UUID,
    version: Version,
    client: CurrentClient,
    session: Reading,
    ports: PortsOfApp,
    language: Language = None,
    reader: ForWhom = Reader.BUYER,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The report of a version of the answer, in words. An amendment begins with what is different since.

    Only the words are made anew each time; what they say was settled when the report was made. Raises
    `report_not_ready` while the answer is there and its report is not.
    """
    subject = Subject(inspection_id=inspection_id)
    order = await subject.order_of(session, client)
    read = await reading.find(session, subject, version, order=order)
    return await _told(read, ports, language or client.language, reader, known=if_none_match)


@router.get("/api/v1/inspections/{inspection_id}/comparison", dependencies=[by_key(KeyScope.REPORTS_READ)])
async def compare_with_check_before(
    inspection_id: UUID,
    client: CurrentClient,
    session: Reading,
    ports: PortsOfApp,
    language: Language = None,
) -> ComparisonOut | None:
    """What the answer says otherwise than that of the check of the same car before it.

    Null where the car was not checked before in the same name, as far as you see, or not answered with a report.
    Raises `report_not_ready` while the newest answer of either is there and its report is not.
    """
    read = await comparing.find(session, inspection_id, client=client)
    if read is None:
        return None
    words = read.told(language=language or client.language, zone=ports.settings.zone_of_reports)
    return ComparisonOut(earlier=read.earlier(), section=await asyncio.to_thread(words))


@router.get("/api/v1/histories/{history_id}/report", response_model=ReportOut, responses=_READ)
async def get_history_report(
    history_id: UUID,
    client: CurrentClient,
    session: Reading,
    ports: PortsOfApp,
    language: Language = None,
    reader: ForWhom = Reader.BUYER,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What sources know of the car, in words: the report of an ordered history, in which nobody's verdict is.

    Raises `report_not_ready` while it is made.
    """
    subject = Subject(history_id=history_id)
    order = await subject.order_of(session, client)
    if not await queries.versions(session, subject):
        raise ReportNotReady(headers=RETRY_AFTER)
    read = await reading.find(session, subject, 1, order=order)
    return await _told(read, ports, language or client.language, reader, known=if_none_match)


async def _told(
    read: Read, ports: PortsOfApp, language: ReportLanguage, reader: Reader, *, known: str | None
) -> Response:
    words = read.presented(language=language, reader=reader, zone=ports.settings.zone_of_reports)
    facts = ReportVersionOut.of(read.kept, read.given)
    told = ReportOut(**facts.model_dump(), presented=await asyncio.to_thread(words), logo=shown(read.logo))
    content = told.model_dump_json().encode()
    # Of what is sent, and not of the report: its words may be put better one day.
    headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
    if headers["ETag"] in {one.strip().removeprefix("W/") for one in (known or "").split(",")}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
