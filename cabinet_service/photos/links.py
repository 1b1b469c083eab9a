"""Links to photos that need no sign-in, because they are signed and soon expire."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from cabinet_service.photos.errors import LinkRefused
from service_kit.signing import BadSignature, KeyRing
from shared_schemas.rest.streams import SignedUrl

LIFETIME: Final = timedelta(minutes=10)
PATH: Final = "/signed/evidence/{evidence_id}/{variant}"


class Variant(StrEnum):
    """The untouched original, or the small upright copy without metadata."""

    ORIGINAL = "original"
    PREVIEW = "preview"


def signed_url(
    keys: KeyRing, base_url: str, evidence_id: UUID, variant: Variant, *, now: datetime
) -> SignedUrl:
    """A link that works for LIFETIME."""
    expires_at = (now + LIFETIME).replace(microsecond=0)
    expires = int(expires_at.timestamp())
    query = urlencode({"expires": expires, "signature": keys.sign(_text(evidence_id, variant, expires))})
    path = PATH.format(evidence_id=evidence_id, variant=variant)
    return SignedUrl(url=f"{base_url}{path}?{query}", expires_at=expires_at)


def check(
    keys: KeyRing, evidence_id: UUID, variant: Variant, *, expires: int, signature: str, now: datetime
) -> None:
    """Raises LinkRefused unless we signed just this link and it has not expired."""
    try:
        keys.verify(_text(evidence_id, variant, expires), signature)
    except BadSignature:
        raise LinkRefused from None
    if datetime.fromtimestamp(expires, UTC) <= now:
        raise LinkRefused


def _text(evidence_id: UUID, variant: Variant, expires: int) -> bytes:
    return f"evidence\n{evidence_id}\n{variant}\n{expires}".encode()
