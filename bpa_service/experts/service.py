"""What can be done with people and sign-ins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from bpa_service.experts import queries
from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.errors import AccountInactive, LoginTaken, OwnAccess, WrongCredentials
from bpa_service.experts.models import ExpertRow, ExpertSession
from bpa_service.ports import Passwords
from service_kit import audit, sessions
from service_kit.db import Database, Session, database_now
from service_kit.http.problems import NotFound, Problem
from service_kit.ids import new_id
from service_kit.sessions import Device, RefreshTokenReused
from service_kit.tokens import RefreshToken


class SignedIn(NamedTuple):
    """Somebody who has shown who they are, and the session that began with it."""

    expert: Expert
    session: ExpertSession


async def sign_in(
    database: Database, passwords: Passwords, *, login: str, password: str, device: Device, length: timedelta
) -> SignedIn:
    """Start a session of `length`. Raises WrongCredentials or AccountInactive.

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
        admitted = fits and found.expert.active
        if admitted:
            audit.record(session, "signed_in", by=found.expert, now=now)
        else:  # by nobody: whoever it was has not shown to be this expert
            details = {"person_id": found.expert.id}
            audit.record(session, "sign_in_refused", by=None, now=now, details=details)
        if new_hash is not None:
            await session.execute(
                update(ExpertRow).where(ExpertRow.id == found.expert.id).values(password_hash=new_hash)
            )
        if admitted:
            return start_session(session, found.expert, device=device, length=length, now=now)
    raise AccountInactive if fits else WrongCredentials


def start_session(
    session: Session, expert: Expert, *, device: Device, length: timedelta, now: datetime
) -> SignedIn:
    """A new session of somebody who has shown who they are."""
    started = ExpertSession(expert_id=expert.id, **sessions.beginning(device, length=length, now=now))
    session.add(started)
    return SignedIn(expert, started)


async def refresh(session: Session, token: RefreshToken, *, now: datetime) -> ExpertSession | Problem:
    """Let the session go on. A refusal is returned, not raised: see `sessions.refresh`."""
    outcome = await sessions.refresh(session, ExpertSession, token, now=now)
    if isinstance(outcome, RefreshTokenReused):
        # By nobody: it may have been the expert, or whoever has a copy of the token.
        details = {"person_id": token.holder_id, "session_id": token.session_id}
        audit.record(session, "refresh_token_reused", by=None, now=now, details=details)
    return outcome


async def end_session(session: Session, session_id: UUID, *, expert: Expert, now: datetime) -> None:
    """Sign the expert out on one device. Raises NotFound."""
    ended = await session.scalar(
        delete(ExpertSession)
        .where(ExpertSession.id == session_id, ExpertSession.expert_id == expert.id)
        .returning(ExpertSession.id)
    )
    if ended is None:
        raise NotFound
    audit.record(session, "signed_out", by=expert, now=now, details={"session_id": session_id})


async def end_other_sessions(session: Session, kept_id: UUID, *, expert: Expert, now: datetime) -> None:
    """Sign the expert out on every device but one."""
    await session.execute(
        delete(ExpertSession).where(ExpertSession.expert_id == expert.id, ExpertSession.id != kept_id)
    )
    audit.record(session, "signed_out_elsewhere", by=expert, now=now)


async def prune_sessions(session: Session, now: datetime) -> None:
    """Forget sessions that are over."""
    await session.execute(delete(ExpertSession).where(ExpertSession.expires_at <= now))


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
    return added.expert()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What is to be different about somebody; None leaves it as it is."""

    display_name: str | None = None
    role: Role | None = None
    active: bool | None = None
    password_hash: str | None = None

    @property
    def names(self) -> list[str]:
        fields = ("display_name", "role", "active", "password_hash")
        return [name.removesuffix("_hash") for name in fields if getattr(self, name) is not None]


async def change_person(
    session: Session, person_id: UUID, change: PersonChange, *, by: Expert | None, now: datetime
) -> Expert:
    """Change somebody's name, role, password, or whether they may sign in. Raises NotFound or OwnAccess.

    A new password, like being switched off, ends all of their sessions.
    """
    if by is not None and by.id == person_id and (change.role is not None or change.active is not None):
        raise OwnAccess
    row = await session.get(ExpertRow, person_id, with_for_update=True)
    if row is None:
        raise NotFound
    if change.display_name is not None:
        row.display_name = change.display_name
    if change.role is not None:
        row.role = change.role
    if change.active is not None:
        row.active = change.active
    if change.password_hash is not None:
        row.password_hash = change.password_hash
    if change.password_hash is not None or not row.active:
        await session.execute(delete(ExpertSession).where(ExpertSession.expert_id == person_id))
    audit.record(
        session,
        "person_changed",
        by=by,
        now=now,
        details={"person_id": person_id, "changed": change.names, "role": row.role, "active": row.active},
    )
    return row.expert()
