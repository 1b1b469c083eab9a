"""Requests: by the template of their route, in the trace of the other service, and in nobody else's."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse

from service_kit import tracing
from service_kit.http.access import ANYBODY
from service_kit.http.app import build_app
from service_kit.http.route import CheckedRoute
from service_kit.signing import KeyRing
from service_kit.tracing import Kind, recording, vouching
from tests.support.collector import Collector

KEYS: Final = KeyRing(["between-the-services", "an-older-one-of-theirs"])
STRANGER: Final = KeyRing(["what-a-stranger-thinks-of"])
TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT: Final = f"00-{TRACE}-00f067aa0ba902b7-01"
SECRET: Final = "a-token-that-is-a-secret"

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, dependencies=[ANYBODY])


@router.get("/shared/{token}")
async def show_shared(token: str) -> dict[str, int]:
    if token == "broken":
        raise RuntimeError(SECRET)
    return {"length": len(token)}


@router.get("/stream")
async def stream() -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        with tracing.continued(None, "while it is open", Kind.CONSUMER):
            yield "data: 1\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream")


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncGenerator[None]:
    yield


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector().running() as collector:
        yield collector


async def ask(
    collector: Collector, *paths: str, headers: dict[str, str] | None = None, ratio: float = 1
) -> list[httpx.Response]:
    app = build_app(
        title="toys",
        version="1",
        description="",
        package="toys",
        tags={},
        routers=[router],
        lifespan=nothing,
        traced_with=KEYS,
    )
    sent = {name.encode(): value.encode("latin-1") for name, value in (headers or {}).items()}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with recording.recording(collector.url, service="toys", process="api", ratio=ratio):
        async with httpx.AsyncClient(transport=transport, base_url="http://toys") as client:
            return [await client.get(path, headers=sent) for path in paths]


async def test_a_request_is_called_by_its_route_and_tells_nothing_of_who_asked(collector: Collector) -> None:
    answers = await ask(
        collector, f"/api/v1/shared/{SECRET}?q={SECRET}", headers={"User-Agent": SECRET, "Cookie": SECRET}
    )

    assert [answer.status_code for answer in answers] == [200]
    [span] = collector.spans
    assert span.name == "GET /api/v1/shared/{token}"
    assert span.facts == {
        "http.request.method": "GET",
        "http.route": "/api/v1/shared/{token}",
        "http.response.status_code": 200,
    }
    assert SECRET not in span.text


async def test_a_failure_and_an_address_that_is_none(collector: Collector) -> None:
    await ask(collector, "/api/v1/shared/broken", f"/api/v1/{SECRET}", "/livez", f"/{SECRET}")

    broken, unknown = collector.spans
    assert (broken.facts["http.response.status_code"], broken.facts["error.type"]) == (500, "500")
    assert (unknown.name, unknown.facts["http.response.status_code"]) == ("GET", 404)
    assert all(SECRET not in span.text for span in collector.spans)


async def test_a_stream_is_over_when_it_is_open(collector: Collector) -> None:
    await ask(collector, "/api/v1/stream")

    assert [span.name for span in collector.spans] == ["GET /api/v1/stream", "while it is open"]


@pytest.mark.parametrize("ring", [KEYS, KeyRing(["an-older-one-of-theirs"])])
async def test_the_other_service_is_believed(collector: Collector, ring: KeyRing) -> None:
    signed = {"traceparent": PARENT, vouching.SIGNATURE_HEADER: ring.sign(f"traceparent\n{PARENT}".encode())}

    await ask(collector, "/api/v1/shared/x", headers=signed, ratio=0)

    [span] = collector.spans
    assert (span.trace_id, span.parent_id) == (TRACE, "00f067aa0ba902b7")


@pytest.mark.parametrize(
    "headers",
    [
        {"traceparent": PARENT},
        {"traceparent": PARENT, "tracestate": "a=" + "b" * 10_000, "baggage": "c=d"},
        {
            "traceparent": PARENT,
            vouching.SIGNATURE_HEADER: STRANGER.sign(f"traceparent\n{PARENT}".encode()),
        },
        {  # what a signed request of the other service says is no word for a trace
            "traceparent": PARENT,
            vouching.SIGNATURE_HEADER: KEYS.sign(PARENT.encode()),
        },
        {"traceparent": "é" * 55, vouching.SIGNATURE_HEADER: "é"},
        {"traceparent": "0" * 10_000, vouching.SIGNATURE_HEADER: KEYS.sign(b"traceparent\n" + b"0" * 10_000)},
    ],
)
async def test_a_stranger_has_nothing_recorded_and_gets_into_no_trace(
    collector: Collector, headers: dict[str, str]
) -> None:
    [answer] = await ask(collector, "/api/v1/shared/x", headers=headers, ratio=0)
    assert answer.status_code == 200
    assert collector.spans == []

    await ask(collector, "/api/v1/shared/x", headers=headers, ratio=1)
    [span] = collector.spans
    assert span.trace_id != TRACE
    assert span.parent_id == ""


def test_where_nothing_is_recorded_the_other_service_is_told_nothing() -> None:
    assert vouching.headers(KEYS) == {}
