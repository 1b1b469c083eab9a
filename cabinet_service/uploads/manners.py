"""What tus asks of every exchange, whatever comes of it."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cabinet_service.uploads import domain

_OVERRIDE: Final = "x-http-method-override"
_OVERRIDDEN: Final = frozenset({"PATCH", "DELETE", "HEAD"})


class TusManners:
    """Names the protocol in every answer below `prefix`, errors too, and takes POST for the method that
    `X-HTTP-Method-Override` names: some networks let no other through.
    """

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["tus-resumable"] = domain.VERSION
            await send(message)

        meant = Headers(scope=scope).get(_OVERRIDE, "").strip().upper()
        if scope["method"] == "POST" and meant in _OVERRIDDEN:
            scope = {**scope, "method": meant}
        await self._app(scope, receive, send_with_version)
