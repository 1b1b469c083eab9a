"""Addresses as a partner names them. What a name resolves to is looked at when it is sent to, and not here."""

import re
import socket
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import Final

import httpx

from cabinet_service.webhooks import errors
from cabinet_service.webhooks.models import MOST_URL
from cabinet_service.webhooks.receiver import PORTS
from service_kit.outgoing import is_public

_SCHEMES: Final = ("https",)
_SCHEMES_OF_DEVELOPMENT: Final = ("https", "http")
_HOST: Final = re.compile(rb"[a-z0-9._:-]+", re.IGNORECASE)
_OLD_IPV4: Final = re.compile(r"[0-9a-fx.]+", re.IGNORECASE)
_INSIDE_NAMES: Final = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home.arpa")


def read(text: str, *, own: str, is_development: bool) -> str:
    """The address in its plain form. `own` is the address that we have ourselves. Raises a problem."""
    try:
        url = httpx.URL(text)
        port = url.port
    except (httpx.InvalidURL, ValueError):
        raise errors.NotAWebhookAddress from None
    schemes = _SCHEMES_OF_DEVELOPMENT if is_development else _SCHEMES
    if url.scheme not in schemes or not _HOST.fullmatch(url.raw_host) or url.userinfo or url.fragment:
        raise errors.NotAWebhookAddress
    if not is_development:
        _check_public(url.host, port)
    ours = httpx.URL(own)
    if url.host.rstrip(".").lower() == ours.host and url.port == ours.port:
        raise errors.WebhookAddressOurs
    plain = str(url)
    if len(plain) > MOST_URL:  # which is more than was typed: other letters than Latin ones take six or more
        raise errors.WebhookAddressTooLong(most=MOST_URL)
    return plain


def _check_public(host: str, port: int | None) -> None:
    if port is not None and port not in PORTS:
        raise errors.WebhookPortRefused
    address = _literal(host)
    name = host.rstrip(".").lower()
    is_inside = name.endswith(_INSIDE_NAMES) or ("." not in name and address is None)
    if is_inside or (address is not None and not is_public(address)):
        raise errors.WebhookAddressInside


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is in itself, also in forms that resolvers take: 127.1, 0x7f000001."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if not _OLD_IPV4.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, AddressValueError):
        return None
