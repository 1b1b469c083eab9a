"""Links to photos that need no sign-in, because they are signed and soon expire."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from cabinet_service.photos.errors import LinkRefused
from service_kit.signing import BadSignature, KeyRing
from shared_schemas.rest import links
from shared_schemas.rest.streams import SignedUrl


class Variant(StrEnum):
    """The untouched original, or the small upright copy without metadata."""

    ORIGINAL = "original"
    PREVIEW = "preview"


def signed_url(
    keys: KeyRing, base_url: str, evidence_id: UUID, variant: Variant, *, now: datetime
) -> SignedUrl:
    """A link that works for `links.LIFETIME` at least."""
    expires_at = links.expiry(now)
    return SignedUrl(
        url=links.url(keys.sign, base_url, evidence_id, variant, expires_at), expires_at=expires_at
    )


def check(
    keys: KeyRing, evidence_id: UUID, variant: Variant, *, expires: int, signature: str, now: datetime
) -> None:
    """Raises LinkRefused unless a service of ours signed just this link and it has not expired."""
    try:
        keys.verify(links.signed_text(evidence_id, variant, expires), signature)
    except BadSignature:
        raise LinkRefused from None
    if datetime.fromtimestamp(expires, UTC) <= now:
        raise LinkRefused
