"""What a browser's push service is sent, and what is made of its answers."""

import base64
import json
import os
from typing import Any
from uuid import uuid4

import http_ece  # pyright: ignore[reportMissingTypeStubs] - it has none
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service_kit.notifying import receipts
from service_kit.notifying.channels import Message, MessageDeferred, MessageUndeliverable, Wording
from service_kit.notifying.push import PushKey, WebPush
from service_kit.outgoing import public_client
from service_kit.signing import KeyRing

SECRETS = KeyRing(["known-to-one-service"])
KEY = PushKey(SECRETS)
WORDING = Wording(
    "A-1: an answer",
    "letter",
    "short",
    title="A-1: ответ готов",
    sentence="The answer is there.",
    action="Open",
    link="https://cabinet.example.com/inspections/7",
)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """A browser's end: it gives out a subscription, and reads what comes for it."""

    def __init__(self, endpoint: str = "https://push.example.com/one") -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = {"endpoint": endpoint, "p256dh": _text(point), "auth": _text(self._auth)}
        self.requests: list[httpx.Request] = []
        self.answer = httpx.Response(201)

    def receive(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer

    def read(self) -> dict[str, Any]:
        untyped: Any = http_ece
        text: bytes = untyped.decrypt(
            self.requests[-1].content,
            private_key=self._private,
            auth_secret=self._auth,
            version="aes128gcm",
        )
        return json.loads(text)

    async def send(self, message: Message | None = None) -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(self.receive)) as client:
            channel = WebPush(SECRETS, client, contact="mailto:no-reply@example.com")
            await channel.send(message or self.message())

    def message(self) -> Message:
        return Message(uuid4(), json.dumps(self.subscription), WORDING, kind="decision")


async def test_only_the_browser_reads_it_and_it_holds_a_title_and_a_way() -> None:
    browser = Browser()
    message = browser.message()
    await browser.send(message)
    assert browser.read() == {
        "id": str(message.message_id),
        "title": "A-1: ответ готов",
        "path": "/inspections/7",
        "kind": "decision",
        "receipt": receipts.address(SECRETS, message.message_id),
    }
    [request] = browser.requests
    assert "ответ".encode() not in request.content
    assert request.headers["Topic"] == message.message_id.hex
    assert len(request.headers["Topic"]) <= 32


async def test_we_sign_for_that_push_service_and_with_the_key_that_browsers_subscribe_with() -> None:
    browser = Browser("https://push.example.com:8443/one")
    await browser.send()
    scheme, token, key = browser.requests[0].headers["Authorization"].replace(",", "").split()
    assert (scheme, key) == ("vapid", f"k={KEY.public}")
    point = base64.urlsafe_b64decode(KEY.public + "=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(
        token.removeprefix("t="), public, algorithms=["ES256"], audience="https://push.example.com:8443"
    )
    assert claims["sub"] == "mailto:no-reply@example.com"


def test_the_key_is_the_same_after_a_restart_and_another_ones_is_another() -> None:
    assert PushKey(KeyRing(["known-to-one-service"])).public == KEY.public
    assert PushKey(KeyRing(["known-to-another-service"])).public != KEY.public


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_subscription_that_is_gone_is_dead(status: int) -> None:
    browser = Browser()
    browser.answer = httpx.Response(status)
    with pytest.raises(MessageUndeliverable) as caught:
        await browser.send()
    assert caught.value.is_dead


@pytest.mark.parametrize(("status", "retry_after"), [(429, "30"), (500, ""), (503, "soon")])
async def test_one_that_takes_nothing_now_is_tried_later(status: int, retry_after: str) -> None:
    browser = Browser()
    browser.answer = httpx.Response(status, headers={"Retry-After": retry_after})
    with pytest.raises(MessageDeferred) as caught:
        await browser.send()
    assert caught.value.retry_after == (30 if retry_after == "30" else None)


async def test_what_is_too_long_will_never_go() -> None:
    browser = Browser()
    browser.answer = httpx.Response(413)
    with pytest.raises(MessageUndeliverable) as caught:
        await browser.send()
    assert not caught.value.is_dead


async def test_a_key_that_is_none_never_works() -> None:
    browser = Browser()
    browser.subscription["p256dh"] = _text(b"\x04" + bytes(64))
    with pytest.raises(MessageUndeliverable) as caught:
        await browser.send()
    assert caught.value.is_dead


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.com/one", "https://127.0.0.1/one", "https://10.1.2.3/one", "https://[::1]/one"],
)
async def test_an_endpoint_in_our_own_network_is_never_asked(endpoint: str) -> None:
    browser = Browser(endpoint)
    async with public_client() as client:
        channel = WebPush(SECRETS, client, contact="mailto:no-reply@example.com")
        with pytest.raises(MessageUndeliverable) as caught:
            await channel.send(browser.message())
    assert caught.value.is_dead
