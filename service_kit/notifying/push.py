"""Web push (RFC 8030): a browser's own push service shows the message, also where no tab is open.

What is sent is encrypted for the browser (RFC 8291) and signed by us (RFC 8292, VAPID). It carries a title,
where the click leads, and where to say that it was shown; nothing else: it lies on lock screens.
"""

import base64
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import http_ece  # pyright: ignore[reportMissingTypeStubs] - it has none
import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service_kit.notifying import receipts
from service_kit.notifying.channels import (
    Channel,
    Manners,
    Message,
    MessageDeferred,
    MessageUndeliverable,
)
from service_kit.outgoing import AddressRefused, public_client
from service_kit.settings import ServiceSettings
from service_kit.signing import KeyRing

CHANNEL: Final = "push"
KEPT_FOR: Final = 12 * 3600
"""Seconds for which a push service keeps a message for a browser that is off."""
_SIGNED_FOR: Final = 12 * 3600
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_POINT_BYTES: Final = 65
_SECRET_BYTES: Final = 16


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _of_bytes(count: int) -> AfterValidator:
    def check(value: str) -> str:
        if len(_decoded(value)) != count:
            raise ValueError(f"are {count} bytes, in URL-safe base64")
        return value

    return AfterValidator(check)


class Subscription(BaseModel):
    """What a browser gives out so that it can be reached (`PushSubscription.toJSON()`)."""

    model_config = ConfigDict(frozen=True)

    endpoint: str = Field(max_length=2048, pattern=r"^https?://[^\s]+$")
    p256dh: Annotated[str, Field(max_length=100), _of_bytes(_POINT_BYTES)]
    auth: Annotated[str, Field(max_length=40), _of_bytes(_SECRET_BYTES)]


class PushKey:
    """The key that push services know us by. It comes from the service's own secrets: none has to be kept for it.

    Where those change, browsers subscribe anew: they compare `public` with what they subscribed with.
    """

    def __init__(self, secrets: KeyRing) -> None:
        seed = int.from_bytes(secrets.derived("web push")[0])
        self._private = ec.derive_private_key(1 + seed % (_ORDER - 1), ec.SECP256R1())
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = _encoded(point)

    def authorization(self, endpoint: str, contact: str) -> str:
        """The header by which we sign a request to `endpoint`; `contact` is an address of ours."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(time.time()) + _SIGNED_FOR,
            "sub": contact,
        }
        return f"vapid t={jwt.encode(claims, self._private, algorithm='ES256')}, k={self.public}"


class WebPush:
    """A Channel: the address is a Subscription as JSON."""

    def __init__(self, secrets: KeyRing, client: httpx.AsyncClient, *, contact: str) -> None:
        """`contact` is where a push service finds us: `https://…` or `mailto:…`."""
        self._secrets = secrets
        self._key = PushKey(secrets)
        self._client = client
        self._contact = contact

    async def send(self, message: Message) -> None:
        subscription = Subscription.model_validate_json(message.to)
        try:
            body = self._encrypted(message, subscription)
        except ValueError as error:  # a point that is on no curve
            raise MessageUndeliverable(repr(error), is_dead=True) from error
        headers = {
            "Authorization": self._key.authorization(subscription.endpoint, self._contact),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR),
            "Urgency": "high",
            "Topic": message.message_id.hex,  # sent again, it takes the place of what waits there
        }
        try:
            answer = await self._client.post(subscription.endpoint, content=body, headers=headers)
        except AddressRefused as error:
            raise MessageUndeliverable(str(error), is_dead=True) from error
        except httpx.HTTPError as error:
            # Each browser has its own service: one that is away says nothing of the others.
            raise MessageDeferred(f"{urlsplit(subscription.endpoint).hostname}: {error!r}") from error
        _judge(answer)

    def _encrypted(self, message: Message, subscription: Subscription) -> bytes:
        wording = message.wording
        said = {
            "id": str(message.message_id),
            "title": wording.title or wording.subject,
            "path": urlsplit(wording.link).path,
            "kind": message.kind,
            "receipt": receipts.address(self._secrets, message.message_id),
        }
        untyped: Any = http_ece
        body: bytes = untyped.encrypt(
            json.dumps(said, ensure_ascii=False).encode(),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_decoded(subscription.p256dh),
            auth_secret=_decoded(subscription.auth),
            version="aes128gcm",
        )
        return body


@asynccontextmanager
async def web_push(settings: ServiceSettings, secrets: KeyRing) -> AsyncGenerator[tuple[Channel, Manners]]:
    """The channel of a service, until the block ends. Every browser of a person is told."""
    contact = f"mailto:no-reply@{urlsplit(settings.public_url).hostname}"
    async with public_client(is_development=settings.is_development) as client:
        channel = WebPush(secrets, client, contact=contact)
        yield channel, Manners(at_once=32, a_second=200, to_all=True)


_GONE: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}
)


def _judge(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    said = f"{answer.status_code} {answer.text[:200]}"
    if answer.status_code in _GONE:
        raise MessageUndeliverable(said, is_dead=True)
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.is_server_error:
        raise MessageDeferred(said, retry_after=_seconds(answer.headers.get("Retry-After", "")))
    raise MessageUndeliverable(said)


def _seconds(text: str) -> float | None:
    return float(text) if text.isdecimal() else None
