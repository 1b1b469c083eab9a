"""How one service asks the other over HTTP: for what it has, and to take a message."""

from typing import Final

import httpx

from service_kit import tracing
from service_kit.signing import KeyRing
from service_kit.tracing import Kind, vouching
from service_kit.trust import trusted

# Shorter than the five seconds after which uvicorn closes an idle connection.
KEEP_ALIVE: Final = 3.0


def peer_client(keys: KeyRing, timeout: httpx.Timeout) -> httpx.AsyncClient:
    """A client for the other service alone: its requests tell which trace they belong to.

    Past any proxy that the environment may name, behind which the other service never is.
    """
    limits = httpx.Limits(keepalive_expiry=KEEP_ALIVE)
    transport = httpx.AsyncHTTPTransport(verify=trusted(), trust_env=False, limits=limits)
    return httpx.AsyncClient(transport=_Traced(transport, keys), timeout=timeout, trust_env=False)


class _Traced(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, keys: KeyRing) -> None:
        self._inner = inner
        self._keys = keys

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with tracing.part(request.method, Kind.CLIENT) as span:
            span.note("http.request.method", request.method)
            request.headers.update(vouching.headers(self._keys))
            response = await self._inner.handle_async_request(request)
            span.note("http.response.status_code", response.status_code)
            return response

    async def aclose(self) -> None:
        await self._inner.aclose()
