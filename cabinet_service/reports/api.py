"""The reports of an inspection."""

import asyncio
import hashlib
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Response

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.reports import queries, reading
from cabinet_service.reports.schemas import ReportOut, ReportVersionOut
from service_kit.http.edge import Reading
from service_kit.http.openapi import ETAG
from service_kit.http.route import CheckedRoute
from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presented import Reader

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/reports", tags=["reports"], route_class=CheckedRoute
)

IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="ETags that you have.")]
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
async def list_reports(
    inspection_id: UUID, client: CurrentClient, session: Reading
) -> list[ReportVersionOut]:
    """The report of each version of the answer, the oldest first. One is there moments after the answer."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    reports = await queries.of_inspection(session, inspection.id)
    return [ReportVersionOut.of(one, reports) for one in reports]


@router.get(
    "/{version}",
    response_model=ReportOut,
    responses={
        HTTPStatus.OK: {"headers": ETAG},
        HTTPStatus.NOT_MODIFIED: {"description": "It reads as it did.", "headers": ETAG},
    },
)
async def get_report(
    inspection_id: UUID,
    version: Version,
    client: CurrentClient,
    session: Reading,
    ports: PortsOfApp,
    language: Annotated[ReportLanguage | None, Query(description="By default that of the account.")] = None,
    reader: Annotated[Reader, Query(description="For whom it is worded.")] = Reader.BUYER,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The report of a version of the answer, in words. An amendment begins with what is different since.

    Only the words are made anew each time; what they say was settled when the report was made. Raises
    `report_not_ready` while the answer is there and its report is not.
    """
    inspection = await inspections.inspection(session, inspection_id, client=client)
    read = await reading.find(session, inspection.id, version)
    words = read.presented(
        language=language or client.language, reader=reader, zone=ports.settings.zone_of_reports
    )
    facts = ReportVersionOut.of(read.kept, read.all)
    told = ReportOut(**facts.model_dump(), presented=await asyncio.to_thread(words))
    content = told.model_dump_json().encode()
    # Of what is sent, and not of the report: its words may be put better one day.
    headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
    if headers["ETag"] in {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
