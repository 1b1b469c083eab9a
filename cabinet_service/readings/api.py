"""Reading a car's number from a photo. Nobody has to sign in for that, and nothing is kept of it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request

from cabinet_service.accounts.dependencies import account_of
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.photos.errors import problem_of
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.readings import domain
from cabinet_service.readings.reader import PhotoReader
from cabinet_service.readings.schemas import CandidateOut, PhotoFields, PhotoReadingOut
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.forms import FORM_TYPE, sent_form
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.http.route import CheckedRoute
from service_kit.side_process import Interrupted

router = APIRouter(prefix="/api/v1", tags=["numbers"], route_class=CheckedRoute)

# The small copy that a phone makes takes a sixth of it.
MAX_FILE_BYTES: Final = 2 * 1024 * 1024
UPLOAD_SECONDS: Final = 60.0

_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "JPEG, PNG or WebP, up to 2 MiB."},
        "shot": {"$ref": "#/components/schemas/Shot"},
    },
}


async def _reader_of_the_app(request: Request) -> PhotoReader:
    reader: PhotoReader = request.app.state.reader
    return reader


ReaderOfApp = Annotated[PhotoReader, Depends(_reader_of_the_app)]


@router.post(
    "/readings",
    dependencies=[ANYBODY],
    openapi_extra={"requestBody": {"required": True, "content": {FORM_TYPE: {"schema": _FORM}}}},
)
async def read_photo(request: Request, ports: PortsOfApp, reader: ReaderOfApp) -> PhotoReadingOut:
    """The VINs, frame numbers and plates that a photo may show, for a person to confirm."""
    await ports.limits.hit("readings_per_address", network_of(request))
    if (account_id := account_of(request, ports)) is not None:
        await ports.limits.hit("readings_per_account", str(account_id))
    try:
        async with sent_form(request, PhotoFields, seconds=UPLOAD_SECONDS) as (fields, file):
            seen = await reader.read(file)
    except PhotoRefused as refusal:
        raise problem_of(refusal) from None
    except Interrupted as error:
        raise TemporarilyUnavailable(headers={"Retry-After": "2"}) from error
    found = domain.candidates(seen, shot=fields.shot)
    offered = [CandidateOut.of(one) for one in found]
    return PhotoReadingOut(candidates=offered, number_seen=domain.shows_a_number(seen))
