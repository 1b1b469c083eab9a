"""Passkeys of the people of one service: added, listed, renamed, removed, and signed in with.

A challenge is answered once, within minutes by the database's clock. It needs no name: the answer says which
challenge it is for, and taking it deletes its row, in the transaction of what it allows.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final, Generic, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound, Problem
from service_kit.ids import new_id
from service_kit.passkeys import ceremony
from service_kit.passkeys.ceremony import Owner, Refused, RelyingParty
from service_kit.passkeys.schemas import CreatedCredential, PasskeyChallenge, UsedCredential
from service_kit.passkeys.tables import PasskeyChallengeColumns, PasskeyColumns

log = structlog.get_logger(__name__)

Passkey = TypeVar("Passkey", bound=PasskeyColumns)

MAX_PASSKEYS: Final = 20
_CHALLENGE_BYTES: Final = 32


class PasskeyRefused(Problem):
    """`owner_id` is whose passkey it was, for the log; who tried is not told."""

    status = HTTPStatus.FORBIDDEN
    code = "passkey_refused"
    en = "This passkey could not be verified. Please try again."
    ru = "Ключ доступа не прошёл проверку. Попробуйте ещё раз."

    def __init__(self, owner_id: UUID) -> None:
        super().__init__()
        self.owner_id = owner_id


class PasskeyUnknown(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "passkey_unknown"
    en = "This passkey is not known here; it may have been removed. Please sign in another way."
    ru = "Такого ключа доступа у нас нет; возможно, его удалили. Войдите другим способом."


class PasskeyChallengeOver(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "passkey_challenge_over"
    en = "This took too long, or was done already. Please start again."
    ru = "Прошло слишком много времени, или это уже сделано. Начните заново."


class PasskeyTaken(Problem):
    status = HTTPStatus.CONFLICT
    code = "passkey_taken"
    en = "This passkey was added before."
    ru = "Этот ключ доступа уже добавлен."


class TooManyPasskeys(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_passkeys"
    en = "There are {limit} passkeys already. Please remove one first."
    ru = "Ключей доступа уже {limit}. Сначала удалите один из них."


class Passkeys(Generic[Passkey]):
    """The passkeys of one service, in its tables."""

    def __init__(self, table: type[Passkey], challenges: type[PasskeyChallengeColumns]) -> None:
        self._table = table
        self._challenges = challenges

    async def of(self, session: ReadSession, owner_id: UUID) -> Sequence[Passkey]:
        """All of one owner, the oldest first."""
        table = self._table
        rows = await session.scalars(select(table).where(table.owner_id == owner_id).order_by(table.id))
        return rows.all()

    async def ask_to_add(
        self, session: Session, party: RelyingParty, owner: Owner, *, now: datetime
    ) -> PasskeyChallenge:
        """What the owner's browser makes a new passkey for. Raises TooManyPasskeys."""
        known = await self.of(session, owner.id)
        if len(known) >= MAX_PASSKEYS:
            raise TooManyPasskeys(limit=MAX_PASSKEYS)
        challenge = await self._ask(session, owner.id, now=now)
        options = ceremony.creation_options(
            party, owner, challenge, known=[one.credential_id for one in known]
        )
        return PasskeyChallenge(public_key=options, expires_at=now + ceremony.ANSWER_WITHIN)

    async def add(
        self,
        session: Session,
        party: RelyingParty,
        owner_id: UUID,
        credential: CreatedCredential,
        *,
        name: str,
        now: datetime,
    ) -> Passkey:
        """Keep the new passkey. Raises PasskeyChallengeOver, PasskeyRefused or PasskeyTaken."""
        try:
            challenge = ceremony.challenge_of(credential.response.client_data)
            await self._take(session, challenge, owner_id, now=now)
            created = ceremony.verify_created(credential, challenge, party)
        except Refused as refused:
            raise _refusal(refused, owner_id) from None
        added = await session.scalar(
            insert(self._table)
            .values(
                id=new_id(),
                owner_id=owner_id,
                name=name,
                created_at=now,
                **created._asdict(),
            )
            .on_conflict_do_nothing(index_elements=[self._table.credential_id])
            .returning(self._table)
        )
        if added is None:
            raise PasskeyTaken
        return added

    async def ask_to_sign_in(
        self, session: Session, party: RelyingParty, *, now: datetime
    ) -> PasskeyChallenge:
        """What the browser of whoever wants to sign in has one of their passkeys sign."""
        challenge = await self._ask(session, None, now=now)
        options = ceremony.request_options(party, challenge)
        return PasskeyChallenge(public_key=options, expires_at=now + ceremony.ANSWER_WITHIN)

    async def use(
        self, session: Session, party: RelyingParty, credential: UsedCredential, *, now: datetime
    ) -> Passkey:
        """The passkey that signed, and so whose it is.

        Raises PasskeyUnknown, PasskeyChallengeOver or PasskeyRefused. Two uses of one passkey come one after
        the other, so that neither counts against what the other has not committed yet.
        """
        table = self._table
        passkey = await session.scalar(
            select(table).where(table.credential_id == _credential_id(credential)).with_for_update()
        )
        if passkey is None:
            raise PasskeyUnknown
        try:
            challenge = ceremony.challenge_of(credential.response.client_data)
            await self._take(session, challenge, None, now=now)
            passkey.sign_count = ceremony.verify_used(
                credential,
                challenge,
                party,
                owner_id=passkey.owner_id,
                public_key=passkey.public_key,
                sign_count=passkey.sign_count,
            )
        except Refused as refused:
            raise _refusal(refused, passkey.owner_id) from None
        passkey.last_used_at = now
        return passkey

    async def rename(self, session: Session, owner_id: UUID, passkey_id: UUID, *, name: str) -> Passkey:
        """Raises NotFound for a passkey that is not this owner's."""
        passkey = await session.get(self._table, passkey_id)
        if passkey is None or passkey.owner_id != owner_id:
            raise NotFound
        passkey.name = name
        return passkey

    async def remove(self, session: Session, owner_id: UUID, passkey_id: UUID) -> None:
        """It lets nobody in any more. Raises NotFound for a passkey that is not this owner's."""
        table = self._table
        removed = await session.scalar(
            delete(table).where(table.id == passkey_id, table.owner_id == owner_id).returning(table.id)
        )
        if removed is None:
            raise NotFound

    async def remove_all(self, session: Session, owner_id: UUID) -> None:
        """Every passkey of this owner, and what they may be about to add."""
        await session.execute(delete(self._table).where(self._table.owner_id == owner_id))
        await session.execute(delete(self._challenges).where(self._challenges.owner_id == owner_id))

    async def forget_expired(self, session: Session, now: datetime) -> None:
        """Drop the challenges that nobody answered."""
        await session.execute(delete(self._challenges).where(self._challenges.expires_at <= now))

    async def _ask(self, session: Session, owner_id: UUID | None, *, now: datetime) -> bytes:
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        await session.execute(
            insert(self._challenges).values(
                challenge=challenge, owner_id=owner_id, expires_at=now + ceremony.ANSWER_WITHIN
            )
        )
        return challenge

    async def _take(
        self, session: Session, challenge: bytes, owner_id: UUID | None, *, now: datetime
    ) -> None:
        table = self._challenges
        taken = await session.scalar(
            delete(table)
            .where(
                table.challenge == challenge,
                table.owner_id.is_not_distinct_from(owner_id),
                table.expires_at > now,
            )
            .returning(table.challenge)
        )
        if taken is None:
            raise PasskeyChallengeOver


def _credential_id(credential: UsedCredential) -> bytes:
    try:
        return ceremony.decode(credential.raw_id)
    except Refused:
        raise PasskeyUnknown from None


def _refusal(refused: Refused, owner_id: UUID) -> PasskeyRefused:
    log.warning("passkey_refused", owner_id=str(owner_id), reason=str(refused))
    return PasskeyRefused(owner_id)
