"""Where a request comes from, as rate limits count it."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from fastapi import Request

# One household or phone has a network of this size to itself, and an address in it for every request.
IPV6_PREFIX: Final = 64


def network_of(request: Request) -> str:
    """The caller's IPv4 address or IPv6 network."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), IPV6_PREFIX), strict=False))
