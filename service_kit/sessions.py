"""Sessions: a signed-in device, kept going by refresh tokens of which each works once.

The row holds how often the session was refreshed, and no secret: `tokens` works the tokens out from it. Whoever
presents a refresh token of an earlier generation has a copy of it, or the one who refreshed since has: nobody can
tell which, so the session ends for both. Only the last one before is answered again for a little while: an answer
gets lost, and two tabs of a browser refresh at once.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

from sqlalchemy import DateTime, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound, Problem
from service_kit.ids import new_id
from service_kit.personal_columns import erased_otherwise, not_personal
from service_kit.tokens import RefreshToken, TokenPair

if TYPE_CHECKING:
    from service_kit.token_signer import TokenSigner

ANSWERED_AGAIN_FOR: Final = timedelta(minutes=2)


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
    A service declares `holder_id` again, with the foreign key to its people.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    generation: Mapped[int] = mapped_column(Integer, info=not_personal(is_exported=False))
    rotated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    device: Mapped[str] = mapped_column(String(64), info=erased_otherwise())
    network: Mapped[str] = mapped_column(String(64), info=erased_otherwise())

    def tokens(self, signer: "TokenSigner") -> TokenPair:
        """The tokens of this generation: the same as long as the session is not refreshed."""
        return signer.pair(
            holder_id=self.holder_id,
            session_id=self.id,
            generation=self.generation,
            since=self.rotated_at,
            until=self.expires_at,
        )


Row = TypeVar("Row", bound=SessionColumns)


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


class Sessions(Generic[Row]):
    """The sessions of one service, in its table."""

    def __init__(self, table: type[Row]) -> None:
        self._table = table

    def begin(
        self,
        session: Session,
        holder_id: UUID,
        *,
        device: Device,
        length: timedelta,
        now: datetime,
        **own: object,
    ) -> Row:
        """A session of `length` of somebody who has shown who they are. `own` are columns of this service's."""
        begun = cast("Callable[..., Row]", self._table)(
            id=new_id(),
            holder_id=holder_id,
            created_at=now,
            expires_at=now + length,
            generation=0,
            rotated_at=now,
            device=device.name,
            network=device.network,
            **own,
        )
        session.add(begun)
        return begun

    async def of(self, session: ReadSession, holder_id: UUID, *, now: datetime) -> Sequence[Row]:
        """Where somebody is signed in, the device that was seen last first."""
        table = self._table
        rows = await session.scalars(
            select(table)
            .where(table.holder_id == holder_id, table.expires_at > now)
            .order_by(table.rotated_at.desc(), table.id)
        )
        return rows.all()

    async def living(self, session: ReadSession, ids: Collection[UUID]) -> set[UUID]:
        """Which of these sessions go on."""
        table = self._table
        lives = select(table.id).where(table.id.in_(ids), table.expires_at > func.transaction_timestamp())
        return set(await session.scalars(lives))

    async def refresh(
        self, session: Session, token: RefreshToken, *, now: datetime
    ) -> Row | SessionEnded | RefreshTokenReused:
        """Let the session go on; its row gives the new tokens.

        A refusal is returned, not raised: a reuse ends the session, and an error would roll that back. The row is
        locked, so of two refreshes at once the second finds what the first has done.
        """
        row = await session.get(self._table, token.session_id, lock=True)
        if row is None or row.expires_at <= now:
            return SessionEnded()
        match meaning(token.generation, generation=row.generation, rotated_at=row.rotated_at, now=now):
            case Meaning.NEXT:
                row.generation += 1
                row.rotated_at = now
            case Meaning.AGAIN:
                pass
            case Meaning.REUSE:
                session.delete(row)
                return RefreshTokenReused()
        return row

    async def end(self, session: Session, holder_id: UUID, session_id: UUID) -> None:
        """Sign somebody out on one device. Raises NotFound for a session that is not theirs."""
        table = self._table
        ended = await session.scalar(
            delete(table).where(table.id == session_id, table.holder_id == holder_id).returning(table.id)
        )
        if ended is None:
            raise NotFound

    async def end_others(self, session: Session, holder_id: UUID, kept_id: UUID) -> None:
        """Sign somebody out on every device but one."""
        table = self._table
        await session.execute(delete(table).where(table.holder_id == holder_id, table.id != kept_id))

    async def end_all(self, session: Session, holder_id: UUID) -> None:
        """Sign somebody out everywhere."""
        await session.execute(delete(self._table).where(self._table.holder_id == holder_id))

    async def end_made_before(self, session: Session, instant: datetime) -> int:
        """Sign everybody out where they signed in before the instant; returns how many sessions there were."""
        table = self._table
        ended = await session.scalars(delete(table).where(table.created_at < instant).returning(table.id))
        return len(ended.all())

    async def forget_expired(self, session: Session, now: datetime) -> None:
        """Drop those that are over."""
        await session.execute(delete(self._table).where(self._table.expires_at <= now))
