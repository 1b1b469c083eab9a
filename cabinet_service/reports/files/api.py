"""The PDF of a report, for whoever sees the inspection."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import quote
from uuid import UUID

import structlog
from fastapi import APIRouter, Path, Query
from starlette.responses import Response, StreamingResponse

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.ports import FileMissing
from cabinet_service.reports import queries as reports
from cabinet_service.reports.files import queries, service
from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.subjects import Subject
from service_kit.db import SYSTEM, ReadSession
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from shared_schemas.report.content import ReportLanguage

log = structlog.get_logger(__name__)

router = APIRouter(tags=["reports"], route_class=CheckedRoute)

MEDIA_TYPE: Final = "application/pdf"
RETRY_AFTER: Final = "2"
_PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    202: {
        "description": "It is being made: ask again after as many seconds as `Retry-After` says.",
        "headers": {"Retry-After": {"schema": {"type": "integer"}}},
    },
}


AskedLanguage = Annotated[ReportLanguage | None, Query(description="The client's own if none is named.")]
AskedForm = Annotated[Form, Query(description="`short`: one page, for a credit file.")]


@router.get(
    "/api/v1/inspections/{inspection_id}/reports/{version}/pdf",
    response_class=Response,
    responses=_PDF,
    dependencies=[by_key(KeyScope.REPORTS_READ)],
)
async def get_report_file(
    inspection_id: UUID,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
    client: CurrentClient,
    session: Reading,
    now: Now,
    ports: PortsOfApp,
    language: AskedLanguage = None,
    form: AskedForm = Form.FULL,
) -> Response:
    """The signed PDF of a version of the report. In a language or form that nobody asked for yet it is made."""
    subject = Subject(inspection_id=inspection_id)
    order = await subject.order_of(session, client)
    kept = await _kept(session, subject, version)
    wanted = _Wanted(language or client.language, form, f"{order.number}-{version}")
    return await _file(ports, session, kept, wanted, now=now)


@router.get("/api/v1/histories/{history_id}/report/pdf", response_class=Response, responses=_PDF)
async def get_history_report_file(
    history_id: UUID,
    client: CurrentClient,
    session: Reading,
    now: Now,
    ports: PortsOfApp,
    language: AskedLanguage = None,
) -> Response:
    """The signed PDF of an ordered history. In a language that nobody asked for yet it is made.

    It has no page for a credit file, which tells a verdict and its reason.
    """
    subject = Subject(history_id=history_id)
    order = await subject.order_of(session, client)
    kept = await _kept(session, subject, 1)
    return await _file(
        ports, session, kept, _Wanted(language or client.language, Form.FULL, order.number), now=now
    )


class _Wanted(NamedTuple):
    """Which file; `name` is what it is called, but for its language and form."""

    language: ReportLanguage
    form: Form
    name: str


async def _kept(session: ReadSession, subject: Subject, version: int) -> KeptReport:
    kept = next((one for one in await reports.of_subject(session, subject) if one.version == version), None)
    if kept is None:
        raise NotFound
    return kept


async def _file(
    ports: PortsOfApp, session: ReadSession, kept: KeptReport, wanted: _Wanted, *, now: datetime
) -> Response:
    file = await queries.file_of(session, kept.report_id, wanted.language, wanted.form)
    if file is not None and file.made_at is not None:
        return await _given(ports, file, f"{wanted.name}-{wanted.language}")
    if not service.is_waited_for(file, now):
        # A request that only reads has a transaction that can do no more.
        async with ports.backbone.database.writing(SYSTEM) as writing:
            order = await kept.subject.locked(writing, now=now)
            await service.ask(writing, order, kept.report_id, wanted.language, wanted.form, now=now)
    return Response(status_code=HTTPStatus.ACCEPTED, headers={"Retry-After": RETRY_AFTER})


async def _given(ports: PortsOfApp, file: ReportFile, name: str) -> Response:
    try:
        chunks = await ports.files.open(file.key)
    except FileMissing:
        log.exception("report_file_lost", key=file.key)
        raise NotFound from None
    name = f"{name}-{file.form}.pdf" if file.form is Form.SHORT else f"{name}.pdf"
    headers = {
        "Content-Length": str(file.size_bytes),
        "Content-Disposition": f'attachment; filename="{quote(name)}"',
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(chunks, media_type=MEDIA_TYPE, headers=headers)
