"""A source that is played: the same seed plays the same answers and the same faults, for tests and the demo.

It stands in for the network, as a transport of httpx, so that whatever asks a real source asks this one.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from enum import StrEnum
from random import Random
from typing import Any, Final

import httpx

_HTML: Final = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
_PIECE: Final = 64


class Fault(StrEnum):
    """What a source may do instead of answering."""

    HANGS = "hangs"
    DRIPS = "drips"  # a few bytes at a time, for ever
    CUT_OFF = "cut_off"  # says a length, and stops before it
    HTML = "html"  # a page, with status 200
    ERROR_IN_200 = "error_in_200"
    SERVER_ERROR = "server_error"
    TOO_MANY = "too_many"
    GARBAGE = "garbage"
    EMPTY = "empty"
    UNREACHABLE = "unreachable"
    HUGE = "huge"


class Simulation(httpx.AsyncBaseTransport):
    """Answers `answers(url)` as JSON, or 404 for None; each of `faults` happens to its share of requests.

    `error` is what the source answers within 200 where it fails. `asked` counts the requests by their URL.
    """

    def __init__(
        self,
        answers: Callable[[str], Any],
        *,
        seed: int = 0,
        faults: Mapping[Fault, float] | None = None,
        error: Any = None,
    ) -> None:
        self._answers = answers
        self._seed = seed
        self._faults = dict(faults or {})
        self._error = error
        self.asked: Counter[str] = Counter()

    def play(self, faults: Mapping[Fault, float]) -> None:
        """From now on these happen, each to its share of requests."""
        self._faults = dict(faults)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Play the answer to a request: what it meets depends on the seed, the URL and how often it was asked."""
        url = str(request.url)
        self.asked[url] += 1
        fault = self._fault(f"{self._seed}:{url}:{self.asked[url]}")
        if fault is None:
            answer = self._answers(url)
            return httpx.Response(404) if answer is None else _response(json.dumps(answer).encode())
        return await self._faulty(fault, request, url)

    def _fault(self, occasion: str) -> Fault | None:
        drawn = Random(occasion).random()  # noqa: S311 — a play, not a secret
        for fault, share in self._faults.items():
            drawn -= share
            if drawn < 0:
                return fault
        return None

    async def _faulty(self, fault: Fault, request: httpx.Request, url: str) -> httpx.Response:
        whole = json.dumps(self._answers(url) or {}).encode()
        match fault:
            case Fault.HANGS:
                await asyncio.Event().wait()
                raise AssertionError("nothing sets it")
            case Fault.UNREACHABLE:
                raise httpx.ConnectError("nobody listens", request=request)
            case Fault.DRIPS | Fault.CUT_OFF | Fault.HUGE:
                return httpx.Response(200, stream=_Stream(fault, whole))
            case Fault.SERVER_ERROR:
                return httpx.Response(500, content=_HTML)
            case Fault.TOO_MANY:
                return httpx.Response(429, headers={"Retry-After": "1"})
            case _:
                bodies = {
                    Fault.HTML: _HTML,
                    Fault.ERROR_IN_200: json.dumps(self._error).encode(),
                    Fault.GARBAGE: whole[: len(whole) // 2] + b"\xff\x00",
                    Fault.EMPTY: b"",
                }
                return _response(bodies[fault])


def _response(body: bytes) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "application/json"}, content=body)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, fault: Fault, whole: bytes) -> None:
        self._fault = fault
        self._whole = whole

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._whole[:_PIECE]
        match self._fault:
            case Fault.CUT_OFF:  # in httpx's own words
                raise httpx.RemoteProtocolError(
                    "peer closed connection without sending complete message body"
                )
            case Fault.DRIPS:
                while True:
                    await asyncio.sleep(0.01)
                    yield b" "
            case _:
                while True:
                    yield b" " * 2**20
