"""Notes each request that came with a key, beside the request: it waits for nothing here, nor fails."""

from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cabinet_service.accounts.programs import used_key
from cabinet_service.request_log.keeping import Noted, RequestLog
from service_kit import logs
from service_kit.http.problem_responses import problem_of

_START: Final = "http.response.start"


class NotedRequests:
    """Puts a request into the log when its answer begins, so that a stream is there while it lasts."""

    def __init__(self, app: ASGIApp, *, log: RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()

        async def send_and_note(message: Message) -> None:
            if message["type"] == _START and (key := used_key(scope)) is not None:
                self._log.note(
                    Noted(
                        key=key,
                        method=scope["method"],
                        route=scope["route"].path_format,
                        status=message["status"],
                        problem=problem_of(scope),
                        request_id=logs.current_correlation_id(),
                        took_ms=round((perf_counter() - began) * 1000),
                    )
                )
            await send(message)

        await self._app(scope, receive, send_and_note)
