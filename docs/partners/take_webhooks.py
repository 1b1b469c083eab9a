"""What your server does with a webhook. `body` is what came, byte for byte, before anything parsed it."""

import json
from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

taken: set[str] = set()
"""The ids of what was taken: in your database, for 30 days. Kept here, it is forgotten with the process."""


def take(body: bytes, headers: Mapping[str, str], *, secret: str) -> tuple[int, dict[str, Any] | None]:
    """The status to answer with within 10 seconds, and what there is to do afterwards."""
    try:
        Webhook(secret).verify(
            body, dict(headers)
        )  # the signature, and that it is no older than five minutes
    except WebhookVerificationError:
        return 400, None
    notice = json.loads(body)
    if notice["id"] in taken:  # sent once more: it is the same
        return 204, None
    taken.add(notice["id"])
    return 204, notice
