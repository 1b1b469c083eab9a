"""Links to evidence that need no sign-in. Both services make them: what signs them is shared between the two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

LIFETIME: Final = timedelta(minutes=10)
PATH: Final = "/signed/evidence/{evidence_id}/{variant}"


def expiry(now: datetime) -> datetime:
    """When a link that is made now ends: after LIFETIME at the earliest, and before twice that.

    Links to one photo are the same for as long as LIFETIME, so a browser shows what it has of it already.
    """
    seconds = LIFETIME.total_seconds()
    return datetime.fromtimestamp((now.timestamp() // seconds + 2) * seconds, UTC)


def url(
    sign: Callable[[bytes], str], base_url: str, evidence_id: UUID, variant: str, expires_at: datetime
) -> str:
    """A link to that variant of the photo, for whoever has it, until `expires_at`."""
    expires = int(expires_at.timestamp())
    query = urlencode({"expires": expires, "signature": sign(signed_text(evidence_id, variant, expires))})
    return f"{base_url}{PATH.format(evidence_id=evidence_id, variant=variant)}?{query}"


def signed_text(evidence_id: UUID, variant: str, expires: int) -> bytes:
    """What the signature of a link is made of."""
    return f"evidence\n{evidence_id}\n{variant}\n{expires}".encode()
