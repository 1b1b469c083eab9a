"""The code that a link may ask for: its hash, how often somebody may be wrong, and the pass that it gives.

A code has few digits. So what is kept is a slow hash of what a key of ours makes of it, which is worth nothing
without the key; and every fifth wrong one locks the link, for a quarter of an hour at first, then twice as long
each time, up to a day. Wrong ones are counted for good: within the 90 days that a link lasts at most, whoever
guesses all the time makes some 500 tries.
"""

import asyncio
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from service_kit.signing import BadSignature, KeyRing

TRIES: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(days=1)
PASS_LENGTH: Final = timedelta(hours=4)
_PURPOSE: Final = "code of a link to a report"
_HASH_BYTES: Final = 32
_DOUBLINGS: Final = 10  # more would be longer than the longest


async def hashed(share_id: UUID, code: str, keys: KeyRing) -> bytes:
    """What is kept of a new code. It takes some 50 ms of a processor, and not of this thread."""
    return await asyncio.to_thread(_hash, share_id, code, keys.derived(_PURPOSE)[0])


async def fits(share_id: UUID, code: str, kept: bytes, keys: KeyRing) -> bool:
    """Whether it is the code of which `kept` was made, by a key that is still here."""
    for key in keys.derived(_PURPOSE):
        if hmac.compare_digest(await asyncio.to_thread(_hash, share_id, code, key), kept):
            return True
    return False


def lock_after(misses: int) -> timedelta | None:
    """For how long the link is locked once that many were wrong; None: not yet."""
    if misses % TRIES:
        return None
    return min(LONGEST_LOCK, FIRST_LOCK * 2 ** min(misses // TRIES - 1, _DOUBLINGS))


def new_pass(share_id: UUID, code_hash: bytes, keys: KeyRing, *, now: datetime) -> str:
    """What whoever knew the code shows from then on, for `PASS_LENGTH`."""
    expires = int((now + PASS_LENGTH).timestamp())
    return f"{expires}.{keys.sign(_signed_text(share_id, code_hash, expires))}"


def is_pass(shown: str, share_id: UUID, code_hash: bytes, keys: KeyRing, *, now: datetime) -> bool:
    """Whether it is one of ours, for this link and its code, and is not over."""
    expires, _, signature = shown.partition(".")
    if not (expires.isascii() and expires.isdigit() and len(expires) <= _LONGEST_TIMESTAMP):
        return False
    try:
        keys.verify(_signed_text(share_id, code_hash, int(expires)), signature)
    except BadSignature:
        return False
    return now < datetime.fromtimestamp(int(expires), UTC)


_LONGEST_TIMESTAMP: Final = 10


def _signed_text(share_id: UUID, code_hash: bytes, expires: int) -> bytes:
    return b"pass of a link to a report\n" + share_id.bytes + code_hash + str(expires).encode()


def _hash(share_id: UUID, code: str, key: bytes) -> bytes:
    peppered = hmac.digest(key, share_id.bytes + code.encode(), "sha256")
    return hashlib.scrypt(peppered, salt=share_id.bytes, n=2**14, r=8, p=1, dklen=_HASH_BYTES)
