"""Devices on which somebody signed in before: their tries are counted by themselves.

Whoever knows a name can spend all the tries that it has, and so keep its owner out. Not on a device of the owner:
it keeps a secret from an earlier sign-in, for this name alone, and has tries of its own that nobody else has (a
"device cookie", as OWASP calls it). The secret opens nothing and tells nothing: whoever steals it may guess as
often as anybody from one address. So it outlives sessions and passwords, and nothing of it is stored here.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from service_kit.http.credentials import REFRESH_PATH, Carrier, Cookies
from service_kit.signing import BadSignature, KeyRing

if TYPE_CHECKING:
    from fastapi import Request, Response

KEPT_SECONDS: Final = 400 * 24 * 3600  # browsers keep no cookie longer
MAX_CHARACTERS: Final = 128


@dataclass(frozen=True, slots=True)
class KnownDevices:
    """The devices of one service. A browser has a cookie for each name: experts of a shift share computers."""

    cookies: Cookies
    keys: KeyRing

    def remember(self, response: "Response", name: str, *, carrier: Carrier) -> str | None:
        """Let the device be known again under `name`; returns the secret that a client without cookies keeps."""
        device = secrets.token_urlsafe(12)
        secret = f"{device}.{self.keys.sign(_text(name, device))}"
        if carrier == "bearer":
            return secret
        response.set_cookie(
            self._cookie(name),
            secret,
            max_age=KEPT_SECONDS,
            httponly=True,
            secure=self.cookies.origin.startswith("https:"),
            samesite="strict",
            path=REFRESH_PATH,
        )
        return None

    def find(self, request: "Request", name: str, sent: str | None = None) -> str | None:
        """What the device's tries for `name` are counted by; None if it is not known under it.

        `sent` is the secret of a client without cookies.
        """
        secret = (sent or request.cookies.get(self._cookie(name), ""))[:MAX_CHARACTERS]
        device, _, signature = secret.partition(".")
        try:
            self.keys.verify(_text(name, device), signature)
        except BadSignature:
            return None
        return device

    def may_be_known(self, request: "Request", sent: str | None) -> bool:
        """Whether it is worth finding out the name."""
        return sent is not None or any(cookie.startswith(self.cookies.device) for cookie in request.cookies)

    def _cookie(self, name: str) -> str:
        return self.cookies.device + hashlib.sha256(name.encode()).hexdigest()[:16]


def _text(name: str, device: str) -> bytes:
    """What is signed. Of the name a digest, of one length: no other name and device come to the same."""
    return b"known device\n" + hashlib.sha256(name.encode()).digest() + device.encode("utf-8", "replace")
