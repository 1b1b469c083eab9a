"""What a bot is told, kept before anything is made of it: doubled by its messenger, it is one row."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, cast
from uuid import UUID

import structlog
from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from service_kit import pruning
from service_kit.chats.messenger import Messenger
from service_kit.chats.saying import Saying
from service_kit.chats.tables import LinkColumns, UpdateColumns
from service_kit.db import ReadSession, Session

log = structlog.get_logger(__name__)

KEPT_FOR: Final = timedelta(days=3)  # Telegram gives up after one, MAX after eight hours
LINK_LENGTH: Final = timedelta(minutes=15)
SIGN_IN_LENGTH: Final = timedelta(minutes=5)
LOOKED_AT_ONCE: Final = 500
# The photos of an album come as messages of their own, one close after the other.
ALBUM_GAP: Final = timedelta(seconds=1)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_TOKEN_BYTES: Final = 24
_TIES: Final = b""
_SIGNS_IN: Final = b"signs in "


class NotFollowed(StrEnum):
    """Why a link ties nothing. `known`: the chat is tied to its owner already."""

    UNKNOWN = "unknown"
    OTHER = "other"
    USED = "used"
    KNOWN = "known"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is next in a chat: one update, or all those of an album. With `sayings` only that is left to do."""

    chat_id: int
    update_ids: Sequence[int]
    bodies: Sequence[dict[str, Any]]
    sayings: Sequence[Saying] | None
    tries: int


def is_told_by(secret: str, given: str | None) -> bool:
    """Whether who says so knows the secret of the webhook."""
    return bool(secret) and hmac.compare_digest(secret.encode(), (given or "").encode("utf-8", "replace"))


def webhook_secret(messenger: Messenger, token: str) -> str:
    """What is shown at the webhook: follows from the bot's token, which it does not tell."""
    return hmac.new(token.encode(), f"{messenger.name} webhook".encode(), hashlib.sha256).hexdigest()


class Updates:
    """The updates of one service's bot, and the links to it: which tables they are kept in."""

    def __init__(self, messenger: Messenger, updates: type[UpdateColumns], links: type[LinkColumns]) -> None:
        self.messenger: Final = messenger
        self._table = updates
        self._links = links

    @property
    def wakes(self) -> str:
        """The channel on which PostgreSQL wakes whoever answers."""
        return self._table.__tablename__

    async def keep(self, session: Session, body: Mapping[str, Any], *, now: datetime) -> bool:
        """Keep an update to be answered. Returns False for one that is known, or that nobody could answer."""
        table, place = self._table, self.messenger.place_of(body)
        if place is None:
            log.info("chat_update_dropped", messenger=self.messenger.name, has=sorted(body)[:10])
            return False
        where = {"update_id": place.update_id, "chat_id": place.chat_id, "album": place.album}
        kept = await session.execute(
            insert(table)
            .values(**where, body=_storable(body), received_at=now)
            .on_conflict_do_nothing(index_elements=[table.update_id])
            .returning(table.update_id, func.pg_notify(self.wakes, ""))
        )
        return kept.first() is not None

    async def waiting(self, session: Session, *, but: Collection[int], now: datetime) -> list[Waiting]:
        """What is next in each chat but those, in the order in which it came; an album once it is whole."""
        table = self._table
        rows = await session.scalars(
            select(table)
            .where(table.answered_at.is_(None), table.chat_id.not_in(but))
            .order_by(table.received_at, table.update_id)
            .limit(LOOKED_AT_ONCE)
        )
        chats: dict[int, list[UpdateColumns]] = {}
        for row in rows:
            of_chat = chats.setdefault(row.chat_id, [])
            if not of_chat or (row.album is not None and row.album == of_chat[-1].album):
                of_chat.append(row)
        return [
            _waiting(of_chat)
            for of_chat in chats.values()
            if of_chat[0].album is None or now - of_chat[-1].received_at >= ALBUM_GAP
        ]

    async def settle(self, session: Session, update_ids: Sequence[int], sayings: Sequence[Saying]) -> None:
        """Note what is to be said, along with whatever was done: from here on nothing of it is done again."""
        first, *rest = update_ids
        said = [one.as_json() for one in sayings]
        settled = await session.scalar(
            update(self._table)
            .where(self._table.update_id == first)
            .values(body=None, sayings=said, tries=0)
            .returning(self._table.update_id)
        )
        if settled is None:  # it would be answered for ever
            raise LookupError(f"update {first} is not there for whom this works")
        if rest:
            await self.answered(session, rest)

    async def left_to_say(self, session: Session, update_id: int, sayings: Sequence[Saying]) -> None:
        """Note that what came before these has been said."""
        said = [one.as_json() for one in sayings]
        await session.execute(
            update(self._table).where(self._table.update_id == update_id).values(sayings=said)
        )

    async def tried(self, session: Session, update_ids: Sequence[int]) -> None:
        table = self._table
        await session.execute(
            update(table).where(table.update_id.in_(update_ids)).values(tries=table.tries + 1)
        )

    async def answered(self, session: Session, update_ids: Sequence[int]) -> None:
        """All is done and said."""
        table = self._table
        await session.execute(
            update(table)
            .where(table.update_id.in_(update_ids))
            .values(body=None, sayings=None, answered_at=func.clock_timestamp())
        )

    async def has_later(self, session: ReadSession, chat_id: int, update_id: int) -> bool:
        """Whether something that happened there after it has come, where numbers go by when it happened."""
        table = self._table
        later = select(table.update_id).where(table.chat_id == chat_id, table.update_id > update_id)
        return await session.scalar(later.limit(1)) is not None

    async def forget_old(self, session: Session, now: datetime) -> bool:
        """Forget what cannot come again, and links that are over; whether there may be more."""
        links, table = self._links, self._table
        await session.execute(delete(links).where(links.expires_at < now - KEPT_FOR))
        return await pruning.prune(
            session, table, and_(table.answered_at.is_not(None), table.received_at < now - KEPT_FOR)
        )

    async def forget_chats(self, session: Session, chat_ids: Collection[int]) -> None:
        """Leave nothing of what was said there."""
        await session.execute(delete(self._table).where(self._table.chat_id.in_(chat_ids)))

    async def make_link(self, session: Session, person_id: UUID, *, now: datetime) -> str:
        """The token of a link by which the person ties a chat to themself."""
        return await self._make_link(session, _TIES, person_id, now=now, length=LINK_LENGTH)

    async def make_sign_in(self, session: Session, person_id: UUID, *, now: datetime) -> str:
        """The token of a link by which whoever has it signs in as the person, once. It ties no chat."""
        return await self._make_link(session, _SIGNS_IN, person_id, now=now, length=SIGN_IN_LENGTH)

    async def sign_in(self, session: Session, token: str, *, now: datetime) -> UUID | None:
        """Who signs in with the token, which is used from here on; None where it is no such, used or over."""
        links = self._links
        return await session.scalar(
            update(links)
            .where(links.token_sha256 == _digest(_SIGNS_IN, token))
            .where(links.used_at.is_(None), links.expires_at > now)
            .values(used_at=now)
            .returning(links.person_id)
        )

    async def _make_link(
        self, session: Session, purpose: bytes, person_id: UUID, *, now: datetime, length: timedelta
    ) -> str:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        values = {"token_sha256": _digest(purpose, token), "person_id": person_id, "created_at": now}
        await session.execute(insert(self._links).values(**values, expires_at=now + length))
        return token

    async def follow(
        self, session: Session, token: str, *, held_by: UUID | None, now: datetime
    ) -> UUID | NotFollowed:
        """Whose link it is, in a chat that is `held_by` somebody or nobody: from here on the link is used."""
        links = self._links
        link = await session.scalar(
            select(links).where(links.token_sha256 == _digest(_TIES, token)).with_for_update()
        )
        if link is None:
            return NotFollowed.UNKNOWN
        if held_by not in (None, link.person_id):
            return NotFollowed.OTHER
        if link.used_at is not None:
            return NotFollowed.KNOWN if held_by else NotFollowed.USED
        if link.expires_at <= now:
            return NotFollowed.EXPIRED
        link.used_at = now
        return link.person_id

    async def forget_links(self, session: Session, person_id: UUID) -> None:
        await session.execute(delete(self._links).where(self._links.person_id == person_id))


def _storable(value: Any) -> Any:
    """The same without NUL and half of a surrogate pair, which nobody types and no database keeps."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return {_storable(name): _storable(field) for name, field in fields.items()}
    if isinstance(value, list):
        return [_storable(one) for one in cast("list[Any]", value)]
    return value


def _digest(purpose: bytes, token: str) -> bytes:
    """What is kept of a token: made for one purpose, it is unknown for any other."""
    return hashlib.sha256(purpose + token.encode("utf-8", "replace")).digest()


def _waiting(rows: Sequence[UpdateColumns]) -> Waiting:
    first = rows[0]
    if first.sayings is not None:
        said = [Saying.of(one) for one in first.sayings]
        return Waiting(first.chat_id, [first.update_id], [], said, first.tries)
    return Waiting(
        first.chat_id,
        [row.update_id for row in rows],
        [row.body for row in rows if row.body is not None],
        None,
        first.tries,
    )
