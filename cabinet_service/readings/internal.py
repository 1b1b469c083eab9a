"""The reader's proposal for a photo that experts look at. Clients come first."""

from typing import Final
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends

from cabinet_service.api_ports import PortsOfApp
from cabinet_service.photos import queries as photos
from cabinet_service.photos.errors import PreviewFailed
from cabinet_service.photos.links import Variant
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.ports import FileMissing
from cabinet_service.readings import domain
from cabinet_service.readings.api import ReaderOfApp
from cabinet_service.readings.domain import Candidate
from cabinet_service.readings.schemas import region_of
from service_kit.http.peer_access import only_peer
from service_kit.http.problems import NotFound, TemporarilyUnavailable
from service_kit.http.route import CheckedRoute
from service_kit.side_process import Interrupted
from shared_schemas.rest.readings import EvidenceReading, ReadChange, ReadNumber

router = APIRouter(tags=["internal"], route_class=CheckedRoute)
log = structlog.get_logger(__name__)

# Less than a request may take, and enough for a page full of text on a machine that has other work.
SECONDS: Final = 20.0


@router.get("/internal/v1/evidence/{evidence_id}/reading", dependencies=[Depends(only_peer)])
async def read_evidence(evidence_id: UUID, ports: PortsOfApp, reader: ReaderOfApp) -> EvidenceReading:
    """The numbers that a photo may show, read from its preview, for an expert to confirm.

    503 while clients want the reader: it is theirs. 404 while there is no file to give out, as for a link.
    """
    # The transaction is over before anything is read: reading takes seconds.
    async with ports.backbone.database.reading() as session:
        photo = await photos.file_of(session, evidence_id, Variant.PREVIEW)
    try:
        seen = await reader.read_if_free(lambda file: ports.files.fetch(photo.key, file), seconds=SECONDS)
    except FileMissing:
        log.exception("photo_lost", evidence_id=str(evidence_id), variant=Variant.PREVIEW)
        raise NotFound from None
    except PhotoRefused:
        raise PreviewFailed from None
    except Interrupted as error:
        raise TemporarilyUnavailable(headers={"Retry-After": "5"}) from error
    found = domain.candidates(seen, shot=photo.shot)
    return EvidenceReading(
        candidates=tuple(map(_read_number, found)), number_seen=domain.shows_a_number(seen)
    )


def _read_number(candidate: Candidate) -> ReadNumber:
    reading = candidate.reading
    return ReadNumber(
        identifier=reading.value,
        kind=reading.kind,
        formatted=reading.display,
        confidence=round(candidate.confidence, 3),
        region=region_of(candidate),
        upside_down=candidate.upside_down,
        changes=tuple(ReadChange.model_validate(one, from_attributes=True) for one in reading.changes),
    )
