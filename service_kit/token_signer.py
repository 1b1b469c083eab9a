"""Access and refresh tokens: JWTs that a service signs for itself, worked out from the row of a session.

The same row always gives the same tokens. So none has to be stored, and a refresh that is asked for twice has the
same answer twice. Reading a token checks its signature and whether it is of this service and of this kind; the
time is for whoever knows the database's, because hosts' clocks differ. What a program gets for its key is such an
access token, of a kind of its own.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import jwt

from service_kit.signing import KeyRing
from service_kit.tokens import ACCESS_LENGTH, AccessToken, BadToken, ProgramToken, RefreshToken, TokenPair

_ALGORITHM: Final = "HS256"
# Ours have some 350 characters, or 500 with scopes. A longer text is not even decoded.
_MAX_CHARACTERS: Final = 1024
_READ_LATELY: Final = 1000
_OPTIONS: Final[Any] = {
    "require": ["iss", "aud", "sub", "sid", "iat", "exp"],
    # These would go by the clock of this host.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


class _Kind(StrEnum):
    ACCESS = "access"
    REFRESH = "refresh"
    PROGRAM = "program"


class TokenSigner:
    """Makes and reads the tokens of one service. The first of its keys signs, all verify."""

    def __init__(self, service: str, keys: KeyRing) -> None:
        self._service = service
        # A key for each kind: neither can be taken for the other, nor for anything else that the ring signs.
        self._keys = {kind: keys.derived(f"{service} {kind} token") for kind in _Kind}
        # Whoever is here sends the same token again and again.
        self.read_access = lru_cache(_READ_LATELY)(self._read_access)
        self.read_program = lru_cache(_READ_LATELY)(self._read_program)

    def pair(
        self, *, holder_id: UUID, session_id: UUID, generation: int, since: datetime, until: datetime
    ) -> TokenPair:
        """The tokens of a generation that began at `since`, of a session that lasts `until`."""
        claims = {
            "iss": self._service,
            "aud": self._service,
            "sub": str(holder_id),
            "sid": str(session_id),
            "iat": int(since.timestamp()),
        }
        access_until = min(since + ACCESS_LENGTH, until)
        access = claims | {"exp": int(access_until.timestamp())}
        refresh = claims | {"exp": int(until.timestamp()), "gen": generation}
        return TokenPair(
            access=self._sign(access, _Kind.ACCESS),
            access_expires_at=access_until,
            refresh=self._sign(refresh, _Kind.REFRESH),
            refresh_expires_at=until,
        )

    def program(self, *, holder_id: UUID, key_id: UUID, scopes: Sequence[str], now: datetime) -> str:
        """What a program may show for ACCESS_LENGTH in place of its key, within `scopes`."""
        claims = {
            "iss": self._service,
            "aud": self._service,
            "sub": str(holder_id),
            "sid": str(key_id),
            "scope": " ".join(scopes),
            "iat": int(now.timestamp()),
            "exp": int((now + ACCESS_LENGTH).timestamp()),
        }
        return self._sign(claims, _Kind.PROGRAM)

    def _read_program(self, text: str) -> ProgramToken:
        """As `read_access`, of a program's token. Raises BadToken."""
        claims = self._verified(text, _Kind.PROGRAM)
        return ProgramToken(
            holder_id=UUID(claims["sub"]),
            key_id=UUID(claims["sid"]),
            scopes=frozenset(claims["scope"].split()),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )

    def _read_access(self, text: str) -> AccessToken:
        """Raises BadToken. Whether it has expired is not looked at."""
        claims = self._verified(text, _Kind.ACCESS)
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        return AccessToken(UUID(claims["sub"]), UUID(claims["sid"]), expires_at)

    def read_refresh(self, text: str) -> RefreshToken:
        """Raises BadToken. How long it is valid stands in the row of its session."""
        claims = self._verified(text, _Kind.REFRESH)
        return RefreshToken(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["gen"]))

    def _sign(self, claims: dict[str, Any], kind: _Kind) -> str:
        return jwt.encode(claims, self._keys[kind][0], _ALGORITHM)

    def _verified(self, text: str, kind: _Kind) -> dict[str, Any]:
        if len(text) > _MAX_CHARACTERS or not text.isascii():
            raise BadToken("too long, or with characters that no token has")
        for key in self._keys[kind]:
            try:
                return jwt.decode(
                    text,
                    key,
                    algorithms=[_ALGORITHM],
                    issuer=self._service,
                    audience=self._service,
                    options=_OPTIONS,
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.PyJWTError as error:
                raise BadToken(str(error)) from error
        raise BadToken("not signed by us")
