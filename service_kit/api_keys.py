"""Keys of programs: what these call with in place of a sign-in.

A key is a text such as `adk_live_9f86d081884c7d65_…`: whose product it opens, whether it is of a live
installation or of one for trying, a public id by which its row is found, and 256 random bits. Its shape is one
that scanners for leaked secrets find. Of the bits a SHA-256 is kept: they are nothing that somebody chose, so
nobody finds them by trying, and a slow hash would cost every request and protect nothing more.

A program that asks for tokens (RFC 6749, 4.4) does so with the same text: up to the last underscore it is the id
of the client, behind it the secret.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import ClassVar, Final, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, String, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service_kit.db import Database, ReadSession, Scope, Session
from service_kit.http.problems import Problem
from service_kit.ids import new_id
from service_kit.personal_columns import not_personal

MOST_LIVE: Final = 2
"""How many keys of one program work at a time: the next one is there before the last one ends."""
MOST_NETWORKS: Final = 20
NAME_CHARACTERS: Final = 80
USE_IS_RIGHT_TO: Final = timedelta(hours=1)
_PUBLIC_ID_BYTES: Final = 8
_SECRET_BYTES: Final = 32
_TEXT: Final = re.compile(r"([a-z]{3})_(live|test)_([0-9a-f]{16})_([0-9a-f]{64})")
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class KeyKind(StrEnum):
    """Of which installation a key is."""

    LIVE = "live"
    TEST = "test"


class KeyWrong(Problem):
    """The same for a text that no key can be, and for one that is none."""

    status = HTTPStatus.UNAUTHORIZED
    code = "key_wrong"
    en = "There is no such key. Most likely a part of it was lost when it was copied."
    ru = "Такого ключа нет. Скорее всего, при копировании потерялась его часть."

    def __init__(self) -> None:
        super().__init__(headers=_CHALLENGE)


class KeyOfAnotherKind(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "key_of_another_kind"
    en = "This key says “{sent}”, and this installation takes keys that say “{taken}”."
    ru = "Это ключ «{sent}», а здесь принимаются ключи «{taken}»."

    def __init__(self, *, sent: KeyKind, taken: KeyKind) -> None:
        super().__init__(headers=_CHALLENGE, sent=sent.value, taken=taken.value)


class KeyRevoked(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "key_revoked"
    en = "This key was ended. Make a new one."
    ru = "Этот ключ отозван. Выпустите новый."

    def __init__(self) -> None:
        super().__init__(headers=_CHALLENGE)


class KeyExpired(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "key_expired"
    en = "This key is out of date. Make a new one."
    ru = "Срок этого ключа вышел. Выпустите новый."

    def __init__(self) -> None:
        super().__init__(headers=_CHALLENGE)


class KeyFromElsewhere(Problem):
    """`address` is where the request came from, as we see it."""

    status = HTTPStatus.FORBIDDEN
    code = "key_from_elsewhere"
    en = "This key works from certain addresses only, and {address} is none of them."
    ru = "Этот ключ работает только с определённых адресов, и {address} в их число не входит."


class ScopeMissing(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "scope_missing"
    en = "This needs a key with the scope {scope}."
    ru = "Для этого нужен ключ с правом {scope}."

    def __init__(self, *, scope: str) -> None:
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        super().__init__(headers={"WWW-Authenticate": challenge}, scope=scope)


class ClosedToKeys(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "closed_to_keys"
    en = "Programs cannot do this: it is for people who sign in."
    ru = "Программам это недоступно: нужно войти самому человеку."


class TooManyKeys(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_keys"
    en = "{most} keys of this name work already. Please end one that is not needed."
    ru = "По этому имени уже действуют ключи: {most}. Отзовите тот, который не нужен."


class SentKey(NamedTuple):
    """A key as it was sent: by what its row is found, and what that row is compared with."""

    public_id: str
    secret_sha256: bytes


@dataclass(frozen=True, slots=True)
class KeyForm:
    """What the keys of an installation begin with."""

    product: str
    kind: KeyKind

    def is_meant(self, token: str) -> bool:
        """Whether the text is sent as a key of ours, right or wrong."""
        return token.startswith(f"{self.product}_")

    def read(self, token: str) -> SentKey:
        """Raises KeyWrong for what cannot be one, and KeyOfAnotherKind."""
        found = _TEXT.fullmatch(token)
        if found is None or found[1] != self.product:
            raise KeyWrong
        if (kind := KeyKind(found[2])) is not self.kind:
            raise KeyOfAnotherKind(sent=kind, taken=self.kind)
        return SentKey(found[3], _hash(found[4]))

    def shown(self, public_id: str) -> str:
        """What may be shown of a key: as the id of a client it is no secret."""
        return f"{self.product}_{self.kind}_{public_id}"


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


class KeyColumns:
    """Columns of a service's table of keys. A service declares `holder_id` again, with its foreign key.

    A key acts as its holder, within its `scopes`, and from `networks` where there are any (CIDR).
    `last_used_at` is right to an hour.
    """

    __tablename__: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id: Mapped[UUID]
    public_id: Mapped[str] = mapped_column(String(16), unique=True, info=not_personal(is_exported=False))
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), info=not_personal(is_exported=False))
    name: Mapped[str] = mapped_column(String(NAME_CHARACTERS), info=not_personal())
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(32)), info=not_personal())
    networks: Mapped[list[str]] = mapped_column(ARRAY(String(43)), info=not_personal())
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def check(self, *, address: IPv4Address | IPv6Address | None, now: datetime) -> None:
        """Raises KeyRevoked, KeyExpired, or KeyFromElsewhere for an `address` that is none of its own."""
        if self.revoked_at is not None:
            raise KeyRevoked
        if now >= self.expires_at:
            raise KeyExpired
        if self.networks and not any(
            address is not None and address in ip_network(one) for one in self.networks
        ):
            raise KeyFromElsewhere(address=str(address or "?"))

    def is_of(self, sent: SentKey) -> bool:
        """Whether it is the key that was sent; how much of a wrong one is right, no time tells."""
        return hmac.compare_digest(self.secret_sha256, sent.secret_sha256)

    def use_is_stale(self, now: datetime) -> bool:
        """Whether it is time to note that the key is used."""
        return self.last_used_at is None or now - self.last_used_at >= USE_IS_RIGHT_TO


Row = TypeVar("Row", bound=KeyColumns)


@dataclass(frozen=True, slots=True)
class Issued(Generic[Row]):
    """A key that was made now. Its text is shown once and kept nowhere."""

    row: Row
    text: str = field(repr=False)


class Keys(Generic[Row]):
    """The keys of one service, in its table."""

    def __init__(self, table: type[Row]) -> None:
        self._table = table

    def issue(
        self,
        session: Session,
        form: KeyForm,
        holder_id: UUID,
        *,
        name: str,
        scopes: Sequence[str],
        networks: Sequence[str],
        length: timedelta,
        now: datetime,
        **own: object,
    ) -> Issued[Row]:
        """A new key of `length`. `own` are columns of this service's."""
        public_id, secret = secrets.token_hex(_PUBLIC_ID_BYTES), secrets.token_hex(_SECRET_BYTES)
        row = cast("Callable[..., Row]", self._table)(
            id=new_id(),
            holder_id=holder_id,
            public_id=public_id,
            secret_sha256=_hash(secret),
            name=name,
            scopes=list(scopes),
            networks=list(networks),
            created_at=now,
            expires_at=now + length,
            last_used_at=None,
            revoked_at=None,
            **own,
        )
        session.add(row)
        return Issued(row, f"{form.shown(public_id)}_{secret}")

    async def live(self, session: ReadSession, holder_id: UUID, *, now: datetime) -> Sequence[Row]:
        """The keys of a holder that work, the oldest first."""
        table = self._table
        rows = await session.scalars(
            select(table)
            .where(table.holder_id == holder_id, table.revoked_at.is_(None), table.expires_at > now)
            .order_by(table.created_at, table.id)
        )
        return rows.all()

    async def note_use(self, database: Database, scope: Scope, key_id: UUID, *, now: datetime) -> None:
        """Put down that the key is used, in a transaction of its own: once an hour, not with each request."""
        table = self._table
        async with database.writing(scope) as session:
            await session.execute(update(table).where(table.id == key_id).values(last_used_at=now))
