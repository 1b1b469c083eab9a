"""What happens to every request before and after its handler. Pure ASGI: nothing is buffered."""

import asyncio
import contextlib
import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit import logs
from service_kit.http import problem_responses, problems
from service_kit.ids import new_id

DISCARD_BYTES: Final = 16 * 1024 * 1024
DISCARD_SECONDS: Final = 10.0
_CORRELATION_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class CorrelationId:
    """Takes the caller's correlation id, or makes one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(logs.CORRELATION_HEADER, "")
        value = given if _CORRELATION_ID.fullmatch(given) else str(new_id())
        logs.correlation_id.set(value)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[logs.CORRELATION_HEADER] = value
            await send(message)

        await self._app(scope, receive, send_with_id)


class AnswerHeaders:
    """Adds what was found out on the way, to problems too: `answer_headers(request)`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(scope["state"][_ANSWER_HEADERS])
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})[_ANSWER_HEADERS] = {}
        await self._app(scope, receive, send_with_headers)


def answer_headers(request: Request) -> dict[str, str]:
    """Headers that the answer will have, whatever it is."""
    headers: dict[str, str] = request.scope["state"][_ANSWER_HEADERS]
    return headers


_ANSWER_HEADERS: Final = "answer_headers"


class SecurityHeaders:
    """An API answers data, never a page: nothing in it may be sniffed, run, framed, embedded or kept.

    What a route says itself stands: photos are shown on the desk, which is another origin.
    """

    HEADERS: Final = {
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }

    def __init__(self, app: ASGIApp, *, hsts: str) -> None:
        self._app = app
        self._headers = self.HEADERS | ({"strict-transport-security": hsts} if hsts else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class CleanAddress:
    """Refuses NUL characters and bytes that are not UTF-8 in the path and the query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_clean(scope):
            response = problem_responses.problem_response(Request(scope), problems.ForbiddenCharacter())
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _is_clean(scope: Scope) -> bool:
        query = unquote_to_bytes(scope.get("query_string", b""))
        path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass"))
        try:
            text = (path + b"?" + query).decode()
        except UnicodeDecodeError:
            return False
        return "\0" not in text


class BodyLimit:
    """Refuses bodies of more than `default` bytes, or of more than `larger` says for a path's ending.

    The limit holds before anything is parsed. What is too large is read and thrown away, within bounds, before
    the answer is sent: a client that is cut off while it sends sees a broken connection, not the reason.
    """

    def __init__(self, app: ASGIApp, *, default: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._default = default
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        limit = next((size for end, size in self._larger.items() if path.endswith(end)), self._default)
        announced = Headers(scope=scope).get("content-length", "")
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                await _discard(receive, limit)
                raise problems.BodyTooLarge(max_bytes=limit)
            return message

        if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
            await _discard(receive, limit)
            problem = problems.BodyTooLarge(max_bytes=limit)
            await problem_responses.problem_response(Request(scope), problem)(scope, receive, send)
            return
        await self._app(scope, receive_within_limit, send)


async def _discard(receive: Receive, limit: int) -> None:
    """Read the rest of a body: at most as much again as was allowed and a bit, for at most ten seconds."""
    left = limit + DISCARD_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return


class TimeLimit:
    """Gives a request up after `seconds`, unless its path ends in one of `unlimited` (streams, uploads)."""

    def __init__(self, app: ASGIApp, *, seconds: float, unlimited: Sequence[str] = ()) -> None:
        self._app = app
        self._seconds = seconds
        self._unlimited = tuple(unlimited)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith(self._unlimited):
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, receive, send_and_note)
        except TimeoutError:
            if started:
                raise
            response = problem_responses.problem_response(
                Request(scope), problems.TimedOut(headers={"Retry-After": "5"})
            )
            await response(scope, receive, send)


class Failures:
    """Turns what nobody expected into its problem here, where the answer still gets its headers.

    Starlette does it outside of all middleware.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            return  # in the middle of its request: there is nobody to be answered
        except Exception as error:
            if started:
                raise
            await problem_responses.failure_response(Request(scope), error)(scope, receive, send)
