"""Where a request comes from, as rate limits count it, and whom we believe about that.

Behind a reverse proxy every connection comes from the proxy, which tells of the client in `X-Forwarded-For`.
Anybody can send that header, so it counts only from proxies that the operator names, and of what it lists only
the part that such proxies wrote: the right-most address that is not one of theirs.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import structlog
from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

log = structlog.get_logger(__name__)

# One household or phone has a network of this size to itself, and an address in it for every request.
IPV6_PREFIX: Final = 64
MAX_HOPS: Final = 32
_FORWARDED: Final = frozenset({"x-forwarded-for", "x-forwarded-proto"})

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class TrustedProxies:
    """Takes the client's address and scheme from the headers of proxies in `networks`, and from nobody else's."""

    def __init__(self, app: ASGIApp, *, networks: Sequence[Network]) -> None:
        self._app = app
        self._networks = tuple(networks)
        self._has_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _FORWARDED & set(headers := Headers(scope=scope)):
            scope = self._as_told(scope, headers)
        await self._app(scope, receive, send)

    def _as_told(self, scope: Scope, headers: Headers) -> Scope:
        peer = _address(scope["client"][0]) if scope.get("client") else None
        if peer is None or not self._trusts(peer):
            if not self._has_warned:
                self._has_warned = True  # once, or it would be a stranger who fills the log
                log.warning("forwarded_by_nobody_trusted", peer=str(peer), setting="TRUSTED_PROXIES")
            return scope
        changes: Scope = {"client": (str(self._client(peer, headers.getlist("x-forwarded-for"))), 0)}
        if headers.get("x-forwarded-proto") in ("http", "https"):
            changes["scheme"] = headers["x-forwarded-proto"]
        return {**scope, **changes}

    def _client(self, peer: Address, told: Sequence[str]) -> Address:
        """The right-most address that is no proxy's. What is no address ends the list: no proxy wrote it."""
        nearest = peer
        for hop in _from_the_right(told):
            address = _address(hop)
            if address is None:
                break
            nearest = address
            if not self._trusts(address):
                break
        return nearest

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def address_of(request: Request) -> Address | None:
    """The caller's address; None where there is none, as in a socket of the machine."""
    return _address(request.client.host) if request.client else None


def network_of(request: Request) -> str:
    """The caller's IPv4 address or IPv6 network."""
    address = address_of(request)
    if address is None:
        return request.client.host if request.client else "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), IPV6_PREFIX), strict=False))
    return str(address)


def _from_the_right(values: Sequence[str]) -> Iterator[str]:
    """The last hops of the header, the last one first; it may come in several lines."""
    hops = ",".join(values).rsplit(",", MAX_HOPS)
    yield from reversed(hops[-MAX_HOPS:])


def _address(text: str) -> Address | None:
    """An address as proxies write it: bare, or with a port (`192.0.2.7:50000`, `[2001:db8::7]:50000`)."""
    host = text.strip()
    if host.startswith("["):
        host, closed, _port = host[1:].partition("]")
        host = host if closed else ""
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
