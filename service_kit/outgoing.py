"""Requests to addresses that somebody else names: a browser's push service, a partner's server.

Whoever names an address must not have us fetch from our own network. So what the name resolves to is looked at,
and the connection goes to the address that was looked at, not to what the name resolves to a moment later.
"""

import asyncio
import socket
from ipaddress import ip_address
from typing import Final

import httpx

from service_kit.trust import trusted

CONNECT_TIMEOUT: Final = 5.0
TIMEOUT: Final = 10.0


class AddressRefused(httpx.TransportError):
    """The address is none that may be asked: no https, or it leads into a network of our own."""


def public_client(*, is_development: bool = False) -> httpx.AsyncClient:
    """A client that reaches the public internet by https alone, and follows no redirects.

    In development it reaches this machine as well, by http, where tests listen.
    """
    timeout = httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT)
    return httpx.AsyncClient(transport=_PublicOnly(is_development), timeout=timeout, trust_env=False)


class _PublicOnly(httpx.AsyncBaseTransport):
    def __init__(self, is_development: bool) -> None:
        self._is_development = is_development
        self._inner = httpx.AsyncHTTPTransport(verify=trusted(), trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, host = request.url, request.url.host
        if url.scheme != "https" and not self._is_development:
            raise AddressRefused(f"{host}: not https")
        address = await self._address_of(host, url.port or (443 if url.scheme == "https" else 80))
        request.url = url.copy_with(host=address)
        request.headers["Host"] = url.netloc.decode("ascii")
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._inner.handle_async_request(request)

    async def _address_of(self, host: str, port: int) -> str:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host}: {error!r}") from error
        addresses = [str(address[0]) for *_, address in found]
        for one in addresses:
            if not (ip_address(one).is_global or self._is_development):
                raise AddressRefused(f"{host}: leads to {one}")
        return addresses[0]

    async def aclose(self) -> None:
        await self._inner.aclose()
