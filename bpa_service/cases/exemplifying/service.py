"""What is kept of a client's photo, and when."""

from datetime import datetime
from io import BytesIO
from typing import Final
from uuid import UUID

from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.exemplifying.errors import NoMarking, NotFoundGenuine
from bpa_service.evidence import queries as evidence
from bpa_service.evidence.errors import EvidenceAway, OriginalAwaited
from bpa_service.evidence.service import RETRY_AFTER
from bpa_service.exemplars.picture_process import MAX_FILE_BYTES
from service_kit.db import ReadSession
from service_kit.http.peer import Peer, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.signing import KeyRing
from shared_schemas.evidence import EvidenceRef
from shared_schemas.rest import links
from shared_schemas.words import InspectionState, Original, Shot, Verdict

MARKINGS: Final = frozenset(
    {
        Shot.VIN_STAMPED,
        Shot.VIN_PLATE,
        Shot.DOOR_STICKER,
        Shot.WINDSHIELD_VIN,
        Shot.ENGINE_NUMBER,
        Shot.GLASS_MARKS,
        Shot.SEAT_BELT_TAG,
    }
)
"""What is compared. Other photos may show people, papers and number plates."""
_TAKEN: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
_ANSWERED: Final = frozenset({InspectionState.ANSWERED, InspectionState.CLOSED})


async def genuine_photo(session: ReadSession, case_id: UUID, evidence_id: UUID) -> EvidenceRef:
    """The photo, if it may be kept. Raises NotFound, NotFoundGenuine, NoMarking or OriginalAwaited."""
    case = await session.get(Case, case_id)
    if case is None or case.erased_at is not None:
        raise NotFound
    photos = {photo.evidence_id: photo for photo in await evidence.of_case(session, case_id)}
    photo = photos.get(evidence_id)
    if photo is None:
        raise NotFound
    answer = await deciding.newest_answer(session, case)
    if case.state not in _ANSWERED or answer is None or answer.verdict != Verdict.CLEAN:
        raise NotFoundGenuine
    if photo.shot not in MARKINGS:
        raise NoMarking
    if photo.original is Original.AWAITED:
        raise OriginalAwaited
    return photo


async def fetched(peer: Peer, keys: KeyRing, photo: EvidenceRef, expires: datetime) -> BytesIO:
    """The photo from cabinet: its original, or the preview of one that is too large or of another kind.

    Raises NotFound or EvidenceAway.
    """
    fits = photo.media_type in _TAKEN and photo.size_bytes <= MAX_FILE_BYTES
    target = links.url(keys.sign, "", photo.evidence_id, "original" if fits else "preview", expires)
    try:
        return BytesIO(await peer.download(target, most=MAX_FILE_BYTES))
    except PeerUnavailable as error:
        raise EvidenceAway(headers={"Retry-After": RETRY_AFTER}) from error
