"""Links to previews, made here: to ask cabinet for each of a page would take longer than the page."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from service_kit.signing import KeyRing
from shared_schemas.rest import links

_REMEMBERED: Final = 20_000
"""A link stays the same for ten minutes, and every screen asks for the same page again and again."""

PreviewOf = Callable[[UUID], str]
"""Where the preview of a photo is. Cabinet gives out none that is not made yet, or cannot be."""


def previews(keys: KeyRing, photos_url: str, now: datetime) -> PreviewOf:
    """Links that are made at `now`."""
    expires_at = links.expiry(now)
    return lambda evidence_id: _preview(keys, photos_url, evidence_id, expires_at)


@lru_cache(_REMEMBERED)
def _preview(keys: KeyRing, photos_url: str, evidence_id: UUID, expires_at: datetime) -> str:
    return links.url(keys.sign, photos_url, evidence_id, "preview", expires_at)
