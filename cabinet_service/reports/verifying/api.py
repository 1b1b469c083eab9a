"""Whether a report is genuine. Nobody has to sign in for that, and nothing is kept of what is sent."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi import Path as InPath

from cabinet_service.api_ports import PortsOfApp
from cabinet_service.reports.files import queries as files
from cabinet_service.reports.verifying import service
from cabinet_service.reports.verifying.judge import Judge
from cabinet_service.reports.verifying.schemas import VerificationOut
from service_kit.db import SYSTEM
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.edge import ServiceReading
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.http.receiving import received
from service_kit.http.route import CheckedRoute
from service_kit.scratch import nameless_file

PATH: Final = "/verify"
router = APIRouter(prefix=f"/api/v1{PATH}", tags=["reports"], route_class=CheckedRoute)

MAX_FILE_BYTES: Final = 5 * 1024 * 1024
# A report of sixty photos over a line of 200 kbit/s.
UPLOAD_SECONDS: Final = 90.0
MEDIA_TYPE: Final = "application/pdf"
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string", "format": "binary", "description": "The file, up to 5 MiB."}
            }
        },
    }
}


async def _judge_of_the_app(request: Request) -> Judge:
    judge: Judge = request.app.state.judge
    return judge


JudgeOfApp = Annotated[Judge, Depends(_judge_of_the_app)]


@router.get("/{code}", dependencies=[ANYBODY])
async def verify_code(
    request: Request,
    code: Annotated[str, InPath(max_length=64, description="As it stands on the report.")],
    session: ServiceReading,
    ports: PortsOfApp,
) -> VerificationOut:
    """How the report with this code stands. A code that is none is answered like one that nobody has."""
    await ports.limits.hit("verifications_per_address", network_of(request))
    return await service.by_code(session, code)


@router.post("", dependencies=[ANYBODY], openapi_extra=_BODY)
async def verify_file(request: Request, ports: PortsOfApp, judge: JudgeOfApp) -> VerificationOut:
    """How the report in this file stands, and whether the file is as we made it."""
    await ports.limits.hit("verifications_per_address", network_of(request))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    database = ports.backbone.database
    with nameless_file() as path:
        if judge.receiving.locked():
            raise TemporarilyUnavailable(headers={"Retry-After": "5"})
        async with judge.receiving:
            sha256 = await received(request, path, seconds=UPLOAD_SECONDS)
        async with database.reading(SYSTEM) as session:
            if (standing := await service.by_digest(session, sha256)) is not None:
                return standing
            certificates = await files.certificates(session)
        looked = await judge.look_into(path, certificates)  # without a connection, which others may need
    async with database.reading(SYSTEM) as session:
        return await service.by_look(session, looked)
