"""The address at which a browser says that it has shown what was pushed. It comes along, and is signed."""

from typing import Final
from uuid import UUID

from service_kit.signing import KeyRing

PREFIX: Final = "/api/v1/notifications"
PATH: Final = "/deliveries/{delivery_id}/shown"


def address(secrets: KeyRing, delivery_id: UUID) -> str:
    """Where it is said of this delivery, as a path of the service."""
    signature = secrets.sign(_signed(delivery_id))
    return f"{PREFIX}{PATH.format(delivery_id=delivery_id)}?signature={signature}"


def check(secrets: KeyRing, delivery_id: UUID, signature: str) -> None:
    """Raises BadSignature."""
    secrets.verify(_signed(delivery_id), signature)


def _signed(delivery_id: UUID) -> bytes:
    return f"shown {delivery_id}".encode()
