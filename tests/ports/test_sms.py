"""Short messages over HTTP, to a gateway that listens on this machine."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from cabinet_service.adapters.sms import SmsGateway
from deploy.embedded.processes import free_port
from service_kit.ids import new_id
from service_kit.notifying.channels import (
    AnswerLost,
    ChannelAway,
    Message,
    MessageDeferred,
    MessageUndeliverable,
    Wording,
)

pytestmark = pytest.mark.busless


@dataclass
class Gateway:
    """Takes messages; `answer` is what it says instead of 202, `delay` how long it thinks."""

    url: str = ""
    answer: Response | None = None
    delay: float = 0
    taken: list[tuple[dict[str, str], Any]] = field(default_factory=list[tuple[dict[str, str], Any]])

    async def take(self, request: Request) -> Response:
        self.taken.append((dict(request.headers), await request.json()))
        await asyncio.sleep(self.delay)
        return self.answer or Response('{"id": "provider-7"}', status_code=202, media_type="application/json")


@pytest.fixture
async def gateway() -> AsyncGenerator[Gateway]:
    listening = socket.create_server(("127.0.0.1", 0))
    gateway, app = Gateway(f"http://127.0.0.1:{listening.getsockname()[1]}/messages"), FastAPI()
    app.add_api_route("/messages", gateway.take, methods=["POST"])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield gateway
    server.should_exit = True
    await serving


def message() -> Message:
    return Message(new_id(), "+79211234567", Wording("subject", "letter", "Код: 012345"))


async def send(url: str, one: Message | None = None, *, patience: float = 5) -> str | None:
    channel = SmsGateway(url, "s3cret", timeout=httpx.Timeout(patience))
    try:
        return await channel.send(one or message())
    finally:
        await channel.close()


async def test_it_is_asked_as_documented_and_its_own_name_is_kept(gateway: Gateway) -> None:
    one = message()
    assert await send(gateway.url, one) == "provider-7"
    [(headers, body)] = gateway.taken
    assert headers["authorization"] == "Bearer s3cret"
    assert headers["idempotency-key"] == body["id"] == str(one.message_id)
    assert (body["to"], body["text"]) == ("+79211234567", "Код: 012345")


@pytest.mark.parametrize("said", ["", "OK", "[]", '{"status": "queued"}'])
async def test_what_it_says_beside_yes_matters_not(gateway: Gateway, said: str) -> None:
    gateway.answer = Response(said, status_code=200)
    assert await send(gateway.url) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, MessageUndeliverable),
        (404, MessageUndeliverable),
        (422, MessageUndeliverable),
        (429, MessageDeferred),
        (503, MessageDeferred),
        (401, ChannelAway),
        (402, ChannelAway),
        (500, ChannelAway),
        (302, ChannelAway),
    ],
)
async def test_what_it_refuses_is_judged_by_whose_fault_it_is(
    gateway: Gateway, status: int, expected: type[Exception]
) -> None:
    gateway.answer = Response("no", status_code=status, headers={"Retry-After": "30"})
    with pytest.raises(expected) as caught:
        await send(gateway.url)
    assert type(caught.value) is expected
    if expected is not MessageUndeliverable:
        assert getattr(caught.value, "retry_after", None) == 30


async def test_an_answer_that_does_not_come_may_have_been_a_yes(gateway: Gateway) -> None:
    gateway.delay = 2
    with pytest.raises(AnswerLost):
        await send(gateway.url, patience=0.3)
    assert len(gateway.taken) == 1


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with pytest.raises(ChannelAway) as caught:
        await send(f"http://127.0.0.1:{free_port()}/messages")
    assert not isinstance(caught.value, AnswerLost)
