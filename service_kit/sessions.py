"""Sessions: a signed-in device, kept going by refresh tokens of which each works once.

The row holds how often the session was refreshed, and no secret: `tokens` works the tokens out from it. Whoever
presents a refresh token of an earlier generation has a copy of it, or the one who refreshed since has: nobody can
tell which, so the session ends for both. Only the last one before is answered again for a little while: an answer
gets lost, and two tabs of a browser refresh at once.
"""

from abc import abstractmethod
from datetime import datetime, timedelta
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from service_kit.db import Session
from service_kit.http.problems import Problem
from service_kit.ids import new_id
from service_kit.tokens import RefreshToken, TokenPair, TokenSigner

ANSWERED_AGAIN_FOR: Final = timedelta(seconds=20)


class SessionEnded(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "session_ended"
    en = "This session is over. Please sign in again."
    ru = "Этот сеанс завершён. Войдите, пожалуйста, снова."


class RefreshTokenReused(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "refresh_token_reused"
    en = (
        "This session was refreshed from somewhere else with a copy of the same token, so it was ended. "
        "Please sign in again."
    )
    ru = "Сеанс уже продлили в другом месте копией того же ключа, поэтому он завершён. Войдите снова."


class Device(NamedTuple):
    """Where somebody signed in, in words by which they know it again."""

    name: str
    network: str


class SessionColumns:
    """Columns of a service's table of sessions. A session that ended has no row.

    It is seen whenever it is refreshed, so `rotated_at` is at most as old as an access token gets.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    generation: Mapped[int] = mapped_column(Integer)
    rotated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    device: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))

    @property
    @abstractmethod
    def holder_id(self) -> UUID:
        """Whose session it is."""

    def tokens(self, signer: TokenSigner) -> TokenPair:
        """The tokens of this generation: the same as long as the session is not refreshed."""
        return signer.pair(
            holder_id=self.holder_id,
            session_id=self.id,
            generation=self.generation,
            since=self.rotated_at,
            until=self.expires_at,
        )


Row = TypeVar("Row", bound=SessionColumns)


def beginning(device: Device, *, length: timedelta, now: datetime) -> dict[str, Any]:
    """The columns of a session that begins now, but for whose it is."""
    return {
        "id": new_id(),
        "created_at": now,
        "expires_at": now + length,
        "generation": 0,
        "rotated_at": now,
        "device": device.name,
        "network": device.network,
    }


class Meaning(Enum):
    """What it means that a refresh token is presented."""

    NEXT = auto()
    AGAIN = auto()
    REUSE = auto()


def meaning(presented: int, *, generation: int, rotated_at: datetime, now: datetime) -> Meaning:
    """Of a token of the generation `presented`, when the session is at `generation` since `rotated_at`."""
    if presented == generation:
        return Meaning.NEXT
    if presented == generation - 1 and now - rotated_at <= ANSWERED_AGAIN_FOR:
        return Meaning.AGAIN
    return Meaning.REUSE


async def refresh(
    session: Session, table: type[Row], token: RefreshToken, *, now: datetime
) -> Row | SessionEnded | RefreshTokenReused:
    """Let the session go on; its row gives the new tokens.

    A refusal is returned, not raised: a reuse ends the session, and an error would roll that back. The row is
    locked, so of two refreshes at once the second finds what the first has done.
    """
    row = await session.scalar(select(table).where(table.id == token.session_id).with_for_update())
    if row is None or row.expires_at <= now:
        return SessionEnded()
    match meaning(token.generation, generation=row.generation, rotated_at=row.rotated_at, now=now):
        case Meaning.NEXT:
            row.generation += 1
            row.rotated_at = now
        case Meaning.AGAIN:
            pass
        case Meaning.REUSE:
            await session.delete(row)
            return RefreshTokenReused()
    return row
