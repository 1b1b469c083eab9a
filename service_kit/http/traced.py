"""A span for each request to the API."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit import tracing
from service_kit.signing import KeyRing
from service_kit.tracing import Kind, Span, vouching

# Not the web app's files, nor what looks whether we are well.
_OURS: Final = ("/api/", "/internal/")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FAILURES: Final = 500


class Traced:
    """Records requests, by the template of their route. The peer's belong to the trace they come from."""

    def __init__(self, app: ASGIApp, *, keys: KeyRing) -> None:
        """`keys` are those that both services know."""
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_OURS):
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        parent = vouching.believed(Headers(scope=scope), self._keys)
        with tracing.continued(parent, method, Kind.SERVER) as span:
            span.note("http.request.method", method)

            async def send_and_note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _note_answer(span, method, scope, message)
                await send(message)

            await self._app(scope, receive, send_and_note)


def _note_answer(span: Span, method: str, scope: Scope, answer: Message) -> None:
    route = getattr(scope.get("route"), "path_format", None)
    if route is not None:
        span.name(f"{method} {route}")
        span.note("http.route", route)
    status: int = answer["status"]
    span.note("http.response.status_code", status)
    if status >= _FAILURES:
        span.fail(str(status))
    if Headers(raw=answer["headers"]).get("content-type", "").startswith("text/event-stream"):
        span.end()  # what follows is as long as a screen is open
