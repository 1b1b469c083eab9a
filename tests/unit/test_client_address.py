"""Whose tries a rate limit counts together, and whom we believe about where a request comes from."""

from ipaddress import ip_network
from typing import Final

import httpx
import pytest
from fastapi import FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st

from service_kit.http.client_address import TrustedProxies, network_of

PROXIES: Final = ("10.0.0.0/8", "2001:db8:aaaa::/48")
FORWARDED: Final = "X-Forwarded-For"


def request_from(host: str | None) -> Request:
    return Request({"type": "http", "headers": [], "client": None if host is None else (host, 50_000)})


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_network_counts_as_one_caller(host: str | None, network: str) -> None:
    assert network_of(request_from(host)) == network


async def told(peer: str, *headers: tuple[str, str], trusted: tuple[str, ...] = PROXIES) -> tuple[str, str]:
    """The network and the scheme that the service sees of a request that comes from `peer` with `headers`."""
    app = FastAPI()
    app.add_middleware(TrustedProxies, networks=[ip_network(network) for network in trusted])

    @app.get("/")
    async def seen(request: Request) -> tuple[str, str]:
        return network_of(request), request.url.scheme

    transport = httpx.ASGITransport(app, client=(peer, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get(
            "/", headers=[(name.encode(), value.encode("latin-1")) for name, value in headers]
        )
    network, scheme = answer.json()
    return network, scheme


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.66, 192.0.2.7", "192.0.2.7"),  # what the client wrote itself stands on the left
        ("10.9.9.9, 192.0.2.7, 10.0.0.2", "192.0.2.7"),  # two proxies of ours, and one that it made up
        ("192.0.2.7:51000", "192.0.2.7"),
        ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::5]:51000", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::5]", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("10.0.0.9, 10.0.0.8", "10.0.0.9"),  # who stands among the proxies is a client, too
    ],
)
async def test_a_trusted_proxy_is_believed_about_whom_it_saw(forwarded: str, network: str) -> None:
    assert (await told("10.0.0.1", (FORWARDED, forwarded)))[0] == network
    assert (await told("2001:db8:aaaa::1", (FORWARDED, forwarded)))[0] == network
    assert (await told("::ffff:10.0.0.1", (FORWARDED, forwarded)))[0] == network


async def test_nobody_else_is_believed() -> None:
    lies = ((FORWARDED, "198.51.100.66"), ("X-Forwarded-Proto", "https"))
    assert await told("192.0.2.7", *lies) == ("192.0.2.7", "http")
    assert await told("127.0.0.1", *lies, trusted=()) == ("127.0.0.1", "http")


async def test_the_lines_of_the_header_are_one_list() -> None:
    lines = ((FORWARDED, "198.51.100.66"), (FORWARDED, "192.0.2.7"))
    assert (await told("10.0.0.1", *lines))[0] == "192.0.2.7"


@pytest.mark.parametrize(
    ("proto", "scheme"), [("https", "https"), ("http", "http"), ("javascript", "http"), ("", "http")]
)
async def test_a_trusted_proxy_is_believed_about_the_scheme(proto: str, scheme: str) -> None:
    headers = ((FORWARDED, "192.0.2.7"), ("X-Forwarded-Proto", proto))
    assert (await told("10.0.0.1", *headers))[1] == scheme


@pytest.mark.parametrize(
    "rest", ["", "unknown", "_hidden", "1.2.3", "[::1", "::1]", "1.2.3.4.5, x", "a" * 9000]
)
async def test_at_what_is_no_address_the_last_hop_that_is_known_counts(rest: str) -> None:
    assert (await told("10.0.0.1", (FORWARDED, rest)))[0] == "10.0.0.1"
    assert (await told("10.0.0.1", (FORWARDED, f"192.0.2.7, {rest}, 10.0.0.2")))[0] == "10.0.0.2"


@given(st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=80))
async def test_whatever_a_client_writes_it_is_counted_where_the_proxy_saw_it(own: str) -> None:
    headers = ((FORWARDED, own), (FORWARDED, "192.0.2.7"))
    assert (await told("10.0.0.1", *headers))[0] == "192.0.2.7"


async def test_a_long_list_is_read_from_its_end() -> None:
    assert (await told("10.0.0.1", (FORWARDED, "1.1.1.1, " * 5000 + "192.0.2.7")))[0] == "192.0.2.7"
    assert (await told("10.0.0.1", (FORWARDED, ", ".join(["10.0.0.3"] * 5000))))[0] == "10.0.0.3"
