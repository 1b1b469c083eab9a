"""Idempotency keys: a creating POST that is sent twice creates once.

The key is claimed in the same transaction as the effect. So a key is stored if and only if its effect is, a
crash leaves neither, and of two simultaneous requests the second waits for the first and then replays it.
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import DateTime, Index, Integer, LargeBinary, String, delete
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from service_kit.db import Session
from service_kit.http.problems import Problem
from service_kit.personal_columns import erased_otherwise
from service_kit.signing import KeyRing
from service_kit.writes import Write

HEADER: Final = "Idempotency-Key"
_PURPOSE: Final = "fingerprints of requests"
KEPT_FOR: Final = timedelta(days=7)
Output = TypeVar("Output", bound=BaseModel)
_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}")
_CLAIM: Final = """
INSERT INTO {table} (owner, key, fingerprint, created_at, subject_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING key
"""
_KEEP: Final = "UPDATE {table} SET status = $3, body = $4 WHERE owner = $1 AND key = $2 RETURNING 1"


class IdempotencyKeyColumns:
    """`owner` is who sent the key: keys of different people never meet.

    `subject_id` is what the request was about, where whoever sent it is not whom the answer tells of.
    """

    __tablename__: ClassVar[str]

    owner: Mapped[str] = mapped_column(String(64), primary_key=True, info=erased_otherwise(is_exported=False))
    key: Mapped[str] = mapped_column(String(128), primary_key=True, info=erased_otherwise(is_exported=False))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, info=erased_otherwise(is_exported=False))
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[Any | None] = mapped_column(JSONB, info=erased_otherwise(is_exported=False))
    subject_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (Index(None, "created_at"),)


class IdempotencyKeyMissing(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "idempotency_key_missing"
    en = (
        "This request creates something: send an Idempotency-Key header of 8 to 128 visible ASCII characters."
    )
    ru = "Этот запрос что-то создаёт: нужен заголовок Idempotency-Key, 8–128 видимых символов ASCII."


class IdempotencyKeyReused(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "idempotency_key_reused"
    en = "This Idempotency-Key was used for a different request before."
    ru = "Этот Idempotency-Key уже использован для другого запроса."


class Replay(Exception):
    """The request was answered before, with this `body` and `status`."""

    def __init__(self, body: Any, status: int) -> None:
        super().__init__()
        self.body = body
        self.status = status


class Once:
    """One claimed key. The handler passes its result through `keep`; a repetition gets that result again."""

    def __init__(self, session: Session, table: type[IdempotencyKeyColumns], owner: str, key: str) -> None:
        self._session = session
        self._table = table
        self._owner = owner
        self._key = key

    async def keep(self, result: Output, *, status: int = HTTPStatus.CREATED) -> Output:
        """Remember `result` as the answer to this key, in the transaction that made it; returns it."""
        name = self._table.__tablename__
        values = (self._owner, self._key, status, result.model_dump_json())
        self._session.hold(Write(_KEEP.format(table=name), values, frozenset((name,))))
        return result


async def claim(
    session: Session,
    table: type[IdempotencyKeyColumns],
    *,
    owner: str,
    key: str | None,
    request: bytes,
    now: datetime,
    secrets: KeyRing,
    subject_id: UUID | None = None,
) -> Once:
    """Claim `key` for `owner`. `request` is what makes two requests the same: method, path and body.

    Of that a fingerprint is kept which only the service's keys can make: whoever reads it tries no short secret
    of a body. One that an older key made is known as well, and the plain one of an earlier release: what a phone
    began before an update is repeated after it.

    Raises Replay if it was answered before, IdempotencyKeyReused if it was used for another request, and
    IdempotencyKeyMissing for no key or one that is not 8 to 128 visible ASCII characters.
    """
    if key is None or not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    fingerprints = [hmac.digest(one, request, "sha256") for one in secrets.derived(_PURPOSE)]
    insert = _CLAIM.format(table=table.__tablename__)
    if not await session.fetch(insert, owner, key, fingerprints[0], now, subject_id):
        earlier = await session.get_one(table, (owner, key))
        known = (*fingerprints, hashlib.sha256(request).digest())
        is_same = any(hmac.compare_digest(earlier.fingerprint, one) for one in known)
        if not is_same or earlier.status is None:
            raise IdempotencyKeyReused
        raise Replay(earlier.body, earlier.status)
    return Once(session, table, owner, key)


async def prune(session: Session, now: datetime, *, table: type[IdempotencyKeyColumns]) -> None:
    """Forget keys older than seven days."""
    await session.execute(delete(table).where(table.created_at < now - KEPT_FOR))
