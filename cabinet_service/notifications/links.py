"""The address at which a letter's receiver asks for no more of its kind. It names no person, and is signed."""

from typing import Final
from uuid import UUID

from service_kit.signing import KeyRing

PREFIX: Final = "/api/v1/notifications"
PATH: Final = "/unsubscribe/{delivery_id}"


def address(secrets: KeyRing, public_url: str, delivery_id: UUID) -> str:
    """It works for whoever has the letter."""
    signature = secrets.sign(_signed(delivery_id))
    return f"{public_url}{PREFIX}{PATH.format(delivery_id=delivery_id)}?signature={signature}"


def check(secrets: KeyRing, delivery_id: UUID, signature: str) -> None:
    """Raises BadSignature."""
    secrets.verify(_signed(delivery_id), signature)


def _signed(delivery_id: UUID) -> bytes:
    return f"unsubscribe {delivery_id}".encode()
