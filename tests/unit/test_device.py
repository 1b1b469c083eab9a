"""The words by which somebody knows a device of theirs again."""

import pytest
from fastapi import Request

from service_kit.http.device import device_of
from service_kit.sessions import Device

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


def request_of(user_agent: str | None, host: str = "192.0.2.7") -> Request:
    headers = [] if user_agent is None else [(b"user-agent", user_agent.encode("latin-1"))]
    return Request({"type": "http", "headers": headers, "client": (host, 50_000)})


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            f"{MOZILLA} (Linux; Android 14; K) {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0",
            "Edge, Windows",
        ),
        (f"{MOZILLA} (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        (f"{MOZILLA} (Macintosh) {WEBKIT} Chrome/124.0 YaBrowser/24.6 Safari/537.36", "Yandex Browser, Mac"),
        ("partner-import/2.1 python-httpx/0.28", "partner-import/2.1"),
        ("x" * 500, "x" * 64),
        ("\x07bell\x1b[31m", "bell[31m"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_device_is_named_as_people_call_it(user_agent: str | None, name: str) -> None:
    assert device_of(request_of(user_agent)).name == name


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("testclient", "testclient"),
    ],
)
def test_of_the_address_only_the_neighbourhood_is_kept(host: str, network: str) -> None:
    assert device_of(request_of("x/1", host)) == Device("x/1", network)
