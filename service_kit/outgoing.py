"""Requests to addresses that somebody else names: a browser's push service, a partner's server.

Whoever names an address must not have us fetch from our own network. So what the name resolves to is looked at,
and the connection goes to the address that was looked at, not to what the name resolves to a moment later.
"""

import asyncio
import socket
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx

from service_kit.trust import trusted

CONNECT_TIMEOUT: Final = 5.0
TIMEOUT: Final = 10.0
MOST_LOOKUPS: Final = 128
"""Names that are looked up at once. A lookup cannot be ended: one of a dead name server takes half a minute."""
ANY_PORT: Final[Collection[int]] = range(1, 65536)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_NOT_GLOBAL: Final = (IPv6Network("2002::/16"), IPv6Network("3fff::/20"))  # 6to4; for examples


class AddressRefused(httpx.TransportError):
    """The address is none that may be asked: no https, or it leads into a network of our own."""


def public_client(
    *,
    is_development: bool = False,
    ports: Collection[int] = ANY_PORT,
    limits: httpx.Limits | None = None,
) -> httpx.AsyncClient:
    """A client that reaches the public internet by https alone, and follows no redirects.

    In development it reaches this machine as well, by http, where tests listen, and any port.
    """
    timeout = httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT)
    transport = _PublicOnly(is_development, ports, limits or httpx.Limits(max_connections=100))
    return httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is one of the public internet, whatever form it has."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address in _NAT64:  # what a network without IPv4 reaches IPv4 by
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    is_usable = address in _GLOBAL_UNICAST and address.is_global
    return is_usable and not any(address in network for network in _NOT_GLOBAL)


class _Names:
    """Looks names up in threads of its own, each name in one: what hangs is waited for, and not begun again."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(MOST_LOOKUPS, thread_name_prefix="lookup")
        self._under_way: dict[str, asyncio.Future[list[str]]] = {}

    async def addresses(self, host: str) -> list[str]:
        """Raises TimeoutError, OSError or UnicodeError."""
        lookup = self._under_way.get(host)
        if lookup is None:
            lookup = asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host)
            self._under_way[host] = lookup
            lookup.add_done_callback(lambda done: self._ended(host, done))
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await asyncio.shield(lookup)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ended(self, host: str, lookup: asyncio.Future[list[str]]) -> None:
        del self._under_way[host]
        if not lookup.cancelled():
            lookup.exception()  # nobody may wait for it any more


def _look_up(host: str) -> list[str]:
    return [str(address[0]) for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


class _PublicOnly(httpx.AsyncBaseTransport):
    def __init__(self, is_development: bool, ports: Collection[int], limits: httpx.Limits) -> None:
        self._is_development = is_development
        self._ports = ports
        self._names = _Names()
        self._inner = httpx.AsyncHTTPTransport(verify=trusted(), trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, host = request.url, request.url.host
        if url.scheme != "https" and not self._is_development:
            raise AddressRefused(f"{host}: not https")
        port = url.port or (443 if url.scheme == "https" else 80)
        if port not in self._ports and not self._is_development:
            raise AddressRefused(f"{host}: not by port {port}")
        address = await self._address_of(host)
        request.url = url.copy_with(host=address)
        request.headers["Host"] = url.netloc.decode("ascii")
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._inner.handle_async_request(request)

    async def _address_of(self, host: str) -> str:
        try:
            addresses = await self._names.addresses(host)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host}: {error!r}") from error
        for one in addresses:
            if not (is_public(ip_address(one)) or self._is_development):
                raise AddressRefused(f"{host}: leads to {one}")
        return addresses[0]

    async def aclose(self) -> None:
        self._names.close()
        await self._inner.aclose()
