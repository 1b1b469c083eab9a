"""The codes of second factors, and how long who guesses at them has to wait. Pure: told the time."""

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime, timedelta
from typing import Final

from pyotp.totp import TOTP

ISSUER: Final = "Autodetective"
STEP: Final = timedelta(seconds=30)
DRIFT: Final = 1

APP_CODE_DIGITS: Final = 6
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10

FREE_TRIES: Final = 5
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(days=1)


def step_at(now: datetime) -> int:
    """The number of the time step that `now` is in."""
    return int(now.timestamp()) // int(STEP.total_seconds())


def code_at(step: int, secret: str) -> str:
    """The six digits that an authenticator app shows during `step`."""
    return TOTP(secret).generate_otp(step)


def step_of(code: str, secret: str, *, now: datetime, after: int | None) -> int | None:
    """The time step that `code` belongs to: the present one or one beside it, as phones' clocks are not exact.

    None if it is no code of these, or not of a step later than `after`, the last one whose code was used: a code
    that somebody looked over a shoulder for lets nobody in a second time.
    """
    given = tidy(code).encode()
    present = step_at(now)
    for step in range(present - DRIFT, present + DRIFT + 1):
        fits = hmac.compare_digest(code_at(step, secret).encode(), given)
        if fits and (after is None or step > after):
            return step
    return None


def enrolment_uri(secret: str, login: str) -> str:
    """What an authenticator app reads from the QR code."""
    return TOTP(secret, name=login, issuer=ISSUER).provisioning_uri()


def recovery_code(entropy: bytes) -> str:
    """Sixteen letters and digits in groups of four, as people write them down, of 80 random bits."""
    text = b32encode(entropy).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def recovery_digest(code: str) -> bytes:
    """What is stored of a recovery code. A fast hash is right: there is nothing to guess in 80 random bits."""
    return hashlib.sha256(tidy(code).encode()).digest()


def tidy(code: str) -> str:
    """A code without what people and apps put in to make it readable."""
    return "".join(code.split()).replace("-", "").lower()


def is_app_code(code: str) -> bool:
    """Whether it looks like a code of an app. If not, it can only be a recovery code."""
    return len(tidy(code)) == APP_CODE_DIGITS


def wait_after(wrong_codes: int) -> timedelta:
    """How long nobody may try after that many wrong codes in a row.

    Mistyping costs nothing; guessing does: the wait doubles from one minute to a day. Whoever knows a password
    and guesses for a year has tried some 400 of a million codes.
    """
    if wrong_codes < FREE_TRIES:
        return timedelta(0)
    # The exponent is bounded, or a great many wrong codes would make a number that no calendar holds.
    return min(_FIRST_WAIT * 2 ** min(wrong_codes - FREE_TRIES, 16), _LONGEST_WAIT)
