"""HTTP/1.1 as uvicorn speaks it with httptools, and what that leaves out.

**Time.** A connection that never finishes its request would be held for ever. Its head has to be there within
`HEAD_SECONDS`, and a body has to come at `BODY_BYTES_PER_SECOND` or better, after a start of `BODY_SECONDS`: a
phone on a bad line manages that, and whoever trickles does not. While the body waits for us, nobody is late.
**Room.** Of connections whose head is not complete at most `MAX_UNFINISHED` are held; the oldest makes room.
**Upgrades.** An offer to go on in another protocol may be ignored (RFC 9110, section 7.8), and always is: Java's
client offers h2c with its first request. httptools takes what follows such a head for the other protocol, so the
request is read once more without the offer.
"""

import asyncio
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, ClassVar, Final, cast

import httptools
from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service_kit import logs
from service_kit.http.middleware import SecurityHeaders
from service_kit.http.problem_responses import problem_response
from service_kit.http.problems import Problem
from service_kit.ids import new_id
from service_kit.logs import CORRELATION_HEADER

_OFFER: Final = frozenset({b"upgrade", b"http2-settings"})
_STATUS_LINES: Final = {
    status: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}


class MalformedHttp(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "malformed_http"
    en = "This is not a request as HTTP/1.1 has it."
    ru = "Это не запрос по правилам HTTP/1.1."


class RequestTooSlow(Problem):
    status = HTTPStatus.REQUEST_TIMEOUT
    code = "request_too_slow"
    en = "The request came too slowly and was given up. Please send it again."
    ru = "Запрос приходил слишком медленно, и мы перестали его ждать. Отправьте его ещё раз."


class HeadTooLarge(Problem):
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    code = "head_too_large"
    en = "The headers of the request are larger than {max_bytes} bytes."
    ru = "Заголовки запроса больше {max_bytes} байт."


class _Awaits(Enum):
    """What the client is to send now."""

    HEAD = auto()
    BODY = auto()
    NOTHING = auto()


class Http11(HttpToolsProtocol):
    """One connection."""

    HEAD_SECONDS: ClassVar = 10.0
    BODY_SECONDS: ClassVar = 30.0
    BODY_BYTES_PER_SECOND: ClassVar = 500
    MAX_HEAD_BYTES: ClassVar = 64 * 1024
    MAX_UNFINISHED: ClassVar = 512

    # Of this process, the oldest first.
    _unfinished: ClassVar["dict[Http11, None]"] = {}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._awaits = _Awaits.NOTHING
        self._since = 0.0
        self._received = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] - as uvicorn has it
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._await_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self._awaits is _Awaits.NOTHING:
            self._await_head()
        if self._awaits is _Awaits.HEAD:
            self._received += len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self._refuse(MalformedHttp())
            return
        if self._awaits is _Awaits.HEAD and self._received > self.MAX_HEAD_BYTES:
            self._refuse(HeadTooLarge(max_bytes=self.MAX_HEAD_BYTES))

    def on_headers_complete(self) -> None:
        self._unfinished.pop(self, None)
        self._awaits, self._since, self._received = _Awaits.BODY, self.loop.time(), 0
        if not self._is_offer():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._is_offer():
            return
        self._await_nothing()
        super().on_message_complete()

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            head, rest = self._without_offer(), data[upgrade.args[0] :]
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
            self.parser.feed_data(head)
            self._feed(rest)

    def _is_offer(self) -> bool:
        """Whether the head that is complete offers another protocol. CONNECT does not: it asks for a tunnel."""
        return self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"

    def _without_offer(self) -> bytes:
        """The head as it would be without the offer."""
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            if name == b"connection":
                kept = [word for word in value.split(b",") if word.strip().lower() not in _OFFER]
                lines.append(b"connection: " + b",".join(kept))
            elif name not in _OFFER:
                lines.append(name + b": " + value)
        return b"\r\n".join((*lines, b"", b""))

    def _await_head(self) -> None:
        self._awaits, self._since, self._received = _Awaits.HEAD, self.loop.time(), 0
        self._unfinished[self] = None
        if len(self._unfinished) > self.MAX_UNFINISHED:
            next(iter(self._unfinished)).transport.abort()
        if self._timer is None:
            self._timer = self.loop.call_later(self.HEAD_SECONDS, self._look_at_the_time)

    def _await_nothing(self) -> None:
        self._awaits = _Awaits.NOTHING
        self._unfinished.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_at_the_time(self) -> None:
        self._timer = None
        now = self.loop.time()
        if self.flow.read_paused or (self.cycle and self.cycle.waiting_for_100_continue):
            self._since = now
        if self._awaits is _Awaits.HEAD:
            left = self._since + self.HEAD_SECONDS - now
        else:
            left = self._since + self.BODY_SECONDS + self._received / self.BODY_BYTES_PER_SECOND - now
        if left > 0:
            self._timer = self.loop.call_later(left, self._look_at_the_time)
        elif self._awaits is _Awaits.HEAD and self.cycle and not self.cycle.response_complete:
            self._await_nothing()  # the answer to an earlier request still goes out; the next words count anew
        elif self._awaits is _Awaits.HEAD and not self._received:
            self.transport.close()  # a connection made ahead of need; there is no request to be answered
        else:
            self._refuse(RequestTooSlow())

    def _refuse(self, problem: Problem) -> None:
        """Answer, unless something is answered already, and hang up."""
        self._await_nothing()
        cycle = cast("RequestResponseCycle | None", self.cycle)  # there is none before the first request
        if cycle is None or cycle.response_complete or not cycle.response_started:
            correlation_id = str(new_id())
            request = Request({"type": "http", "headers": self.headers or []})
            with logs.correlated(correlation_id):
                response = problem_response(request, problem)
            # No application is asked that would add these.
            for name, value in (SecurityHeaders.HEADERS | {CORRELATION_HEADER: correlation_id}).items():
                response.headers.setdefault(name, value)
            lines = [name + b": " + value + b"\r\n" for name, value in response.raw_headers]
            head = (_STATUS_LINES[HTTPStatus(problem.status)], *lines, b"connection: close\r\n\r\n")
            self.transport.write(b"".join((*head, bytes(response.body))))
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()
