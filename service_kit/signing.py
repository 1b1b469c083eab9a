"""Signed requests between the services, and signed links.

The secret is a list: the first signs, all verify, so that a secret is changed without a moment in which the
services do not understand each other (add the new one last on both sides, then move it to the front, then
drop the old one).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

REPLAY_WINDOW: Final = timedelta(minutes=5)
TIMESTAMP_HEADER: Final = "x-autodetective-timestamp"
SIGNATURE_HEADER: Final = "x-autodetective-signature"
MIN_KEY_BYTES: Final = 16


class BadSignature(Exception):
    """The request or link was not signed by one of our keys, or not for now."""


class KeyRing:
    """Signs with the first key and verifies with any."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises ValueError for no key, or a key too short to be a secret."""
        if not keys or any(len(key.encode()) < MIN_KEY_BYTES for key in keys):
            raise ValueError(f"at least one key, each of {MIN_KEY_BYTES} bytes or more")
        self._keys = [key.encode() for key in keys]

    def sign(self, text: bytes) -> str:
        return _mac(self._keys[0], text)

    def all_signatures(self, text: bytes) -> list[str]:
        """What each of the keys makes of `text`, for what is derived from a signature."""
        return [_mac(key, text) for key in self._keys]

    def derived(self, purpose: str) -> list[bytes]:
        """A key of 32 bytes from each of the keys: what it signs is worth nothing for any other purpose."""
        return [hmac.digest(key, b"derived key\n" + purpose.encode(), "sha256") for key in self._keys]

    def verify(self, text: bytes, signature: str) -> None:
        """Raises BadSignature unless one of the keys made `signature` for `text`."""
        given = signature.encode("utf-8", "surrogateescape")
        if not any(hmac.compare_digest(_mac(key, text).encode(), given) for key in self._keys):
            raise BadSignature("the signature does not fit")

    def request_headers(self, method: str, target: str, body: bytes, now: datetime) -> dict[str, str]:
        """Headers that prove who sent the request. `target` is the path with its query string."""
        timestamp = str(int(now.timestamp()))
        return {
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: self.sign(_request_text(method, target, timestamp, body)),
        }

    def verify_request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> None:
        """Raises BadSignature if the headers do not fit the request, or are further than five minutes off."""
        timestamp = headers.get(TIMESTAMP_HEADER, "")
        try:
            sent_at = datetime.fromtimestamp(int(timestamp), UTC)
        except (ValueError, OverflowError, OSError):
            raise BadSignature("no timestamp") from None
        if abs(now - sent_at) > REPLAY_WINDOW:
            raise BadSignature("the timestamp is outside the replay window")
        text = _request_text(method, target, timestamp, body)
        self.verify(text, headers.get(SIGNATURE_HEADER, ""))


def _mac(key: bytes, text: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, text, "sha256")).rstrip(b"=").decode()


def _request_text(method: str, target: str, timestamp: str, body: bytes) -> bytes:
    digest = hashlib.sha256(body).hexdigest()
    return f"{method.upper()}\n{target}\n{timestamp}\n{digest}".encode()
