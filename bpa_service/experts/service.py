"""What can be done with people and sign-ins."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from bpa_service.experts import notices, queries
from bpa_service.experts.domain import Expert, Language, Role, Stage
from bpa_service.experts.errors import AccountInactive, LoginTaken, OwnAccess, WrongCredentials
from bpa_service.experts.factors import service as factors
from bpa_service.experts.factors.errors import OwnSecondFactors, SecondFactorRequired
from bpa_service.experts.factors.models import passkeys
from bpa_service.experts.models import ExpertRow, ExpertSession, sign_ins
from bpa_service.experts.notices import NoticeKind
from bpa_service.experts.shutting_out import shut_out
from bpa_service.experts.tokens.ending import end_all as end_tokens
from bpa_service.ports import Passwords
from service_kit import audit
from service_kit.db import Database, Session, as_system, database_now
from service_kit.http.problems import NotFound, Problem
from service_kit.ids import new_id
from service_kit.passkeys import PasskeyRefused
from service_kit.passkeys.ceremony import RelyingParty
from service_kit.passkeys.schemas import UsedCredential
from service_kit.sealing import Seal
from service_kit.sessions import Device

SEALED: Final = "second factors"
"""What the secrets of authenticator apps are sealed for."""


class SignedIn(NamedTuple):
    """Somebody who has shown who they are, and the session that began with it.

    Where they used a recovery code: how many they have left.
    """

    expert: Expert
    session: ExpertSession
    recovery_codes_left: int | None = None


async def sign_in(
    database: Database,
    passwords: Passwords,
    seal: Seal,
    *,
    login: str,
    password: str,
    code: str | None,
    device: Device,
    length: timedelta,
) -> SignedIn:
    """Start a session of `length`. Raises WrongCredentials, AccountInactive, or what `factors.show` refuses with.

    It takes the database and not a session: none is held while the password waits its turn to be verified, or a
    flood of sign-ins would leave no connection to anybody else. A refusal is on the audit log, too.
    """
    async with database.reading() as session:
        found = await queries.credential(session, login)
    fits = await passwords.verify(password, found.password_hash if found else None)
    if found is None:
        raise WrongCredentials
    new_hash = None
    if fits and passwords.is_outdated(found.password_hash):
        new_hash = await passwords.hash(password)
    async with database.writing() as session:
        now = await database_now(session)
        row = await session.get_one(ExpertRow, found.expert.id, lock=True)
        expert = row.expert()
        # While it was verified the password may have been replaced, most likely because somebody else knew it.
        fits = fits and row.password_hash == found.password_hash
        if fits and new_hash is not None:
            row.password_hash = new_hash
        if not fits:
            outcome = WrongCredentials()
        elif not expert.active:
            outcome = AccountInactive()
        else:
            outcome = await factors.show(session, expert, code, seal=seal, now=now)
        if isinstance(outcome, factors.Shown):
            audit.record(session, "signed_in", by=expert, now=now, details={"stage": outcome.stage})
            started = start_session(
                session, expert, device=device, length=length, stage=outcome.stage, now=now
            )
            return started._replace(recovery_codes_left=outcome.recovery_codes_left)
        if not isinstance(outcome, SecondFactorRequired):  # that one is a step on the way
            _note_refusal(session, expert.id, outcome, now=now)
    raise outcome


async def sign_in_with_passkey(
    database: Database, credential: UsedCredential, *, party: RelyingParty, device: Device, length: timedelta
) -> SignedIn:
    """Start a session: a passkey is both factors, a thing that its owner unlocks by what they are or know.

    Raises AccountInactive, or what `Passkeys.use` does. A refusal is on the audit log.
    """
    refusal: Problem
    async with database.writing() as session:
        now = await database_now(session)
        try:
            passkey = await passkeys.use(session, party, credential, now=now)
        except PasskeyRefused as refused:
            owner_id, refusal = refused.owner_id, refused
        else:
            owner_id, refusal = passkey.owner_id, AccountInactive()
            expert = await queries.expert(session, owner_id)
            if expert is not None and expert.active:
                details = {"stage": Stage.FULL, "passkey_id": passkey.id}
                audit.record(session, "signed_in", by=expert, now=now, details=details)
                return start_session(session, expert, device=device, length=length, now=now)
        _note_refusal(session, owner_id, refusal, now=now)
    raise refusal


def start_session(
    session: Session,
    expert: Expert,
    *,
    device: Device,
    length: timedelta,
    stage: Stage = Stage.FULL,
    now: datetime,
) -> SignedIn:
    """A new session of somebody who has shown who they are."""
    confirmed_at = now if stage is Stage.FULL else None
    started = sign_ins.begin(
        session,
        expert.id,
        device=device,
        length=length,
        now=now,
        stage=stage,
        confirmed_at=confirmed_at,
    )
    return SignedIn(expert, started)


def _note_refusal(session: Session, person_id: UUID, refusal: Problem, *, now: datetime) -> None:
    # By nobody: whoever it was has not shown to be this expert.
    details = {"person_id": person_id, "reason": refusal.code}
    audit.record(session, "sign_in_refused", by=None, now=now, details=details)


def refuse_inactive(expert: Expert) -> None:
    """Raises AccountInactive for who was switched off."""
    if not expert.active:
        raise AccountInactive


async def write_in(session: Session, expert_id: UUID, language: Language) -> None:
    """Have them written to in this language."""
    row = await session.get_one(ExpertRow, expert_id, lock=True)
    row.language = language


async def add_person(
    session: Session,
    *,
    login: str,
    display_name: str,
    role: Role,
    password_hash: str,
    by: Expert | None,
    now: datetime,
) -> Expert:
    """Let somebody new work here. Raises LoginTaken."""
    added = await session.scalar(
        insert(ExpertRow)
        .values(
            id=new_id(),
            login=login,
            display_name=display_name,
            role=role,
            password_hash=password_hash,
            active=True,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[ExpertRow.login])
        .returning(ExpertRow)
    )
    if added is None:
        raise LoginTaken(login=login)
    audit.record(session, "person_added", by=by, now=now, details={"person_id": added.id, "role": added.role})
    if role is Role.BPA_ADMIN:
        await notices.tell_administrators(session, added.expert(), by=by, now=now)
    return added.expert()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What is to be different about somebody; None leaves it as it is."""

    display_name: str | None = None
    role: Role | None = None
    active: bool | None = None
    password_hash: str | None = None

    @property
    def values(self) -> dict[str, object]:
        """What is to be different, by its column."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def names(self) -> list[str]:
        return [name.removesuffix("_hash") for name in self.values]


async def change_person(
    session: Session, person_id: UUID, change: PersonChange, *, by: Expert | None, now: datetime
) -> Expert:
    """Change somebody's name, role, password, or whether they may sign in. Raises NotFound or OwnAccess.

    A new password, like being switched off, shuts them out until they sign in anew; another role ends their
    tokens. Of a new password and of
    another role they are told.
    """
    if by is not None and by.id == person_id and (change.role is not None or change.active is not None):
        raise OwnAccess
    row = await session.get(ExpertRow, person_id, lock=True)
    if row is None:
        raise NotFound
    former_role = row.role
    for name, value in change.values.items():
        setattr(row, name, value)
    if change.password_hash is not None:
        notices.tell(session, person_id, NoticeKind.PASSWORD_SET, by=by, now=now)
    if row.role != former_role:
        notices.tell(session, person_id, NoticeKind.ROLE_CHANGED, by=by, now=now)
        if row.role == Role.BPA_ADMIN:
            await notices.tell_administrators(session, row.expert(), by=by, now=now)
    if change.password_hash is not None or not row.active:
        await shut_out(session, person_id)
    elif row.role != former_role:
        async with as_system(session):  # they are theirs alone to see
            await end_tokens(session, person_id)
    audit.record(
        session,
        "person_changed",
        by=by,
        now=now,
        details={"person_id": person_id, "changed": change.names, "role": row.role, "active": row.active},
    )
    return row.expert()


async def reset_second_factors(
    session: Session, person_id: UUID, *, by: Expert | None, now: datetime
) -> None:
    """Take somebody's second factors away, and shut them out: they set up new ones at the next sign-in.

    Raises NotFound or OwnSecondFactors.
    """
    if by is not None and by.id == person_id:
        raise OwnSecondFactors
    if await session.get(ExpertRow, person_id, lock=True) is None:
        raise NotFound
    await factors.forget(session, person_id)
    await shut_out(session, person_id)
    notices.tell(session, person_id, NoticeKind.SECOND_FACTORS_RESET, by=by, now=now)
    audit.record(session, "second_factors_reset", by=by, now=now, details={"person_id": person_id})
