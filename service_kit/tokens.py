"""What the tokens of a service say: those of people and of programs, which `token_signer` makes and reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

ACCESS_LENGTH: Final = timedelta(minutes=10)
LEEWAY: Final = timedelta(seconds=60)


class BadToken(Exception):
    """The text is no token of this service and of this kind."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Who calls, and by which session: what an access token says."""

    holder_id: UUID
    session_id: UUID
    expires_at: datetime

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at + LEEWAY


@dataclass(frozen=True, slots=True)
class ProgramToken:
    """Which program calls, by which of its keys, and what it asked for: what a token for a key says."""

    holder_id: UUID
    key_id: UUID
    scopes: frozenset[str]
    expires_at: datetime

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at + LEEWAY


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """Which session is to go on, and the how manieth of its refresh tokens this is."""

    holder_id: UUID
    session_id: UUID
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """The texts of both tokens go to their bearer and nowhere else."""

    access: str
    access_expires_at: datetime
    refresh: str
    refresh_expires_at: datetime
