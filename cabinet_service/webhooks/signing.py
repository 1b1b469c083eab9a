"""Signatures as Standard Webhooks has them: HMAC-SHA256 over `id.timestamp.body`, one for each secret in use."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

PREFIX: Final = "whsec_"
SEALED: Final = "webhook secrets"
"""The purpose for which `Seal` keeps them."""
_SECRET_BYTES: Final = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def headers(event_id: UUID, body: bytes, *, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """What proves that `body` comes from us, and when it was sent: by the newest secret first."""
    timestamp = str(int(now.timestamp()))
    signed = b".".join((str(event_id).encode(), timestamp.encode(), body))
    return {
        "webhook-id": str(event_id),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
