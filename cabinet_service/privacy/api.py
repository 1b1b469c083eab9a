"""Taking one's data along, and having it erased."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import ClientJustSignedIn, CurrentClient, Once
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.privacy import erasing, exporting
from cabinet_service.privacy.errors import ExportExpired, ExportNotReady
from cabinet_service.privacy.models import ExportState
from cabinet_service.privacy.schemas import ErasureOut, ExportOut
from service_kit.db import SYSTEM, enter
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", tags=["privacy"], route_class=CheckedRoute)

MEDIA_TYPE: Final = "application/zip"
_ZIP: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The archive.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/exports", status_code=HTTPStatus.CREATED)
async def request_export(
    client: CurrentClient, once: Once, session: WriteSession, now: Now, ports: PortsOfApp
) -> ExportOut:
    """Have an archive made of all one's data, here and on the experts' side. It is kept for seven days."""
    await quotas.count(ports.limits, "archives", client)
    return await once.keep(ExportOut.of(await exporting.request(session, client, now=now)))


@router.get("/exports")
async def list_exports(client: CurrentClient, session: Reading) -> list[ExportOut]:
    """The youngest first."""
    return [ExportOut.of(export) for export in await exporting.newest(session, client)]


@router.get("/exports/{export_id}")
async def get_export(export_id: UUID, client: CurrentClient, session: Reading) -> ExportOut:
    """Whether the archive is ready."""
    return ExportOut.of(await exporting.find(session, export_id, client))


@router.get("/exports/{export_id}/file", response_class=Response, responses=_ZIP)
async def get_export_file(
    export_id: UUID, client: CurrentClient, session: Reading, now: Now, ports: PortsOfApp
) -> Response:
    """The archive itself."""
    export = await exporting.find(session, export_id, client)
    if export.state is ExportState.EXPIRED or (export.expires_at and export.expires_at <= now):
        raise ExportExpired(days=exporting.KEPT_FOR.days)
    if export.state is not ExportState.READY:
        raise ExportNotReady(state=export.state)
    headers = {
        "Content-Length": str(export.size_bytes),
        "Content-Disposition": f'attachment; filename="autodetective-{export.requested_at:%Y-%m-%d}.zip"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    chunks = await ports.files.open(export.file_key)
    return StreamingResponse(chunks, media_type=MEDIA_TYPE, headers=headers)


@router.post("/me/erasure", status_code=HTTPStatus.ACCEPTED)
async def erase_me(
    client: ClientJustSignedIn, session: WriteSession, now: Now, response: Response, ports: PortsOfApp
) -> ErasureOut:
    """Erase one's account and all that belongs to it. Whoever has not signed in just now has to do so first.

    What still runs is cancelled. All sessions end with this answer, so a repetition finds nobody signed in.
    """
    await enter(
        session, SYSTEM
    )  # what goes is also what no client ever sees, such as codes that were asked for
    erasure = await erasing.request(session, client.account_id, by=actors.client(client.account_id), now=now)
    ports.settings.cookies.clear(response)
    return ErasureOut(requested_at=erasure.requested_at)
