"""Codes by which a report is verified: read aloud and typed in, and not to be guessed."""

import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: without I, L, O and U, which are mistaken for others."""
LENGTH: Final = 20


def new_code() -> str:
    """One of 2 to the power of 100."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


_MISREAD: Final = str.maketrans("OILoil", "011011", "- \t\N{NO-BREAK SPACE}")


def read(text: str) -> str | None:
    """The code that somebody has typed or sent, with or without dashes; None where it cannot be one."""
    code = text.translate(_MISREAD).upper()
    return code if len(code) == LENGTH and all(one in ALPHABET for one in code) else None
