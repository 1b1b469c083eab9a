"""With what and from where a request comes, in the words by which its sender would know it again.

No more is kept than that takes: a browser and a system, and a neighbourhood of addresses.
"""

from ipaddress import ip_network
from typing import Final

from fastapi import Request

from service_kit.http.client_address import network_of
from service_kit.sessions import Device

MAX_CHARACTERS: Final = 64
NEIGHBOURHOOD: Final = {4: 24, 6: 48}  # prefix lengths by IP version: a street or so

# The first that fits: browsers name themselves after those that they want to be taken for.
_BROWSERS: Final = (
    ("YaBrowser/", "Yandex Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_of(request: Request) -> Device:
    return Device(_name(request.headers.get("user-agent", "")), _neighbourhood(network_of(request)))


def _name(user_agent: str) -> str:
    """E.g. "Firefox, Android"; of a program the name and version that it gives itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    if browser or system:
        return ", ".join(filter(None, (browser, system)))
    words = "".join(filter(str.isprintable, user_agent)).split(maxsplit=1)
    return words[0][:MAX_CHARACTERS] if words else "unknown"


def _neighbourhood(network: str) -> str:
    try:
        narrow = ip_network(network)
    except ValueError:
        return network[:MAX_CHARACTERS]
    return str(narrow.supernet(new_prefix=NEIGHBOURHOOD[narrow.version]))
