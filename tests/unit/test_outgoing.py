"""Addresses that lead inside, in every form that resolvers take: nothing is connected to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import count
from typing import Any, Final

import httpx
import pytest

from cabinet_service.webhooks import addresses, errors, receiver
from service_kit.http.problems import Problem
from service_kit.outgoing import is_public

INSIDE: Final = (
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1"),
    *("0.0.0.0", "0", "10.0.0.1", "10.255.255.255", "0x0a000001", "167772161", "172.16.0.1", "172.31.255.1"),
    *("192.168.0.1", "3232235521", "169.254.169.254", "2852039166", "0xA9FEA9FE", "100.64.0.1"),
    *("192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]"),
    *("[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]"),
    *("[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]"),
    *("[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001::1]", "[2001:db8::1]", "[fc00::1]", "[fd00:ec2::254]"),
    *("[fe80::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[3fff::1]", "[5f00::1]"),
    *("localhost", "LOCALHOST", "localhost.", "db.localhost", "cabinet", "metadata.google.internal"),
    *("printer.local", "router.lan", "①②⑦.⓪.⓪.①", "127。0。0。1"),
)
PUBLIC: Final = (
    "8.8.8.8",
    "93.184.215.14",
    "[2606:4700:4700::1111]",
    "[64:ff9b::8.8.8.8]",
    "hooks.example.com",
)


@pytest.fixture
async def nobody_connects(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that is opened. None reaches anybody."""
    opened: list[Any] = []

    async def connect(*asked: Any, **more: Any) -> Any:
        opened.append((asked, more))
        raise OSError("nobody connects in this test")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", connect)
    monkeypatch.setattr("anyio.connect_tcp", connect)
    return opened


def test_there_are_sixty() -> None:
    assert len(set(INSIDE)) >= 60


@pytest.mark.parametrize("host", INSIDE)
async def test_nothing_inside_is_connected_to(host: str, nobody_connects: list[Any]) -> None:
    """Whatever a partner was let to name: it is looked at once more when it is sent to."""
    async with receiver.open_client(is_development=False) as client:
        for port in ("", ":443", ":8443"):
            answer = await receiver.post(client, f"https://{host}{port}/hooks", b"{}", {})
            assert answer.status is None
            assert answer.error
    assert nobody_connects == []


@pytest.mark.parametrize("host", INSIDE)
def test_and_is_not_taken_as_an_address(host: str) -> None:
    with pytest.raises(Problem):
        addresses.read(f"https://{host}/hooks", own="https://cabinet.example", is_development=False)


@pytest.mark.parametrize("host", PUBLIC)
def test_what_is_public_is_taken(host: str) -> None:
    url = addresses.read(
        f"https://{host}:8443/hooks?a=b", own="https://cabinet.example", is_development=False
    )
    assert url == f"https://{host}:8443/hooks?a=b"


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://hooks.example.com/", errors.NotAWebhookAddress),
        ("ftp://hooks.example.com/", errors.NotAWebhookAddress),
        ("https:///hooks", errors.NotAWebhookAddress),
        ("hooks.example.com", errors.NotAWebhookAddress),
        ("https://user:word@hooks.example.com/", errors.NotAWebhookAddress),
        ("https://hooks.example.com/#part", errors.NotAWebhookAddress),
        ("https://hooks.example.com:0x/", errors.NotAWebhookAddress),
        ("https://hooks example.com/", errors.NotAWebhookAddress),
        ("https://[::1/", errors.NotAWebhookAddress),
        ("https://hooks.example.com/" + "я" * 400, errors.WebhookAddressTooLong),
        ("https://hooks.example.com:22/", errors.WebhookPortRefused),
        ("https://hooks.example.com:5432/", errors.WebhookPortRefused),
        ("https://cabinet.example/api/v1/inspections", errors.WebhookAddressOurs),
        ("https://CABINET.example./", errors.WebhookAddressOurs),
    ],
)
def test_what_else_is_refused(url: str, refused: type[Problem]) -> None:
    with pytest.raises(refused):
        addresses.read(url, own="https://cabinet.example", is_development=False)


async def test_a_name_that_changes_is_connected_to_where_it_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, nobody_connects: list[Any]
) -> None:
    resolved: Iterator[int] = count()

    def changing(_host: Any, port: Any, **_more: Any) -> list[Any]:
        address = "93.184.215.14" if next(resolved) == 0 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    async with receiver.open_client(is_development=False) as client:
        await receiver.post(client, "https://rebinding.example/hooks", b"{}", {})
        again = await receiver.post(client, "https://rebinding.example/hooks", b"{}", {})
    assert "refused" in (again.error or "")
    assert len(nobody_connects) == 1
    assert "93.184.215.14" in str(nobody_connects[0])


async def test_of_several_addresses_none_may_be_inside(
    monkeypatch: pytest.MonkeyPatch, nobody_connects: list[Any]
) -> None:
    def both(_host: Any, port: Any, **_more: Any) -> list[Any]:
        found = ("93.184.215.14", "169.254.169.254")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    async with receiver.open_client(is_development=False) as client:
        answer = await receiver.post(client, "https://two.example/hooks", b"{}", {})
    assert "refused" in (answer.error or "")
    assert nobody_connects == []


async def test_names_that_hang_hold_up_no_other(
    monkeypatch: pytest.MonkeyPatch, nobody_connects: list[Any]
) -> None:
    looked_up: list[str] = []
    is_over = threading.Event()

    def hanging(host: str, *_asked: Any, **_more: Any) -> list[Any]:
        looked_up.append(host)
        if host != "alive.example":
            is_over.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    dead = [f"dead{number}.example" for number in range(40)]
    async with receiver.open_client(is_development=False) as client, asyncio.TaskGroup() as group:
        try:
            for host in dead * 3:
                group.create_task(receiver.post(client, f"https://{host}/hooks", b"{}", {}))
            await asyncio.sleep(0)  # they ask before the one that is alive
            await receiver.post(client, "https://alive.example/hooks", b"{}", {})
            assert len(nobody_connects) == 1
        finally:
            is_over.set()
    assert sorted(looked_up) == sorted([*dead, "alive.example"])


async def test_other_ports_are_not_reached() -> None:
    async with receiver.open_client(is_development=False) as client:
        with pytest.raises(httpx.TransportError, match="port 22"):
            await client.post("https://8.8.8.8:22/")


@pytest.mark.parametrize(("text", "expected"), [("8.8.8.8", True), ("2606:4700::1", True), ("::1", False)])
def test_what_is_public(text: str, expected: bool) -> None:
    assert is_public(ip_address(text)) is expected
