"""What all acts on a case have in common: its lock, the judgement, and the traces that an act leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from bpa_service.audit import queries as audit_queries
from bpa_service.cases import domain, errors
from bpa_service.cases.domain import Act, Refusal, Refused
from bpa_service.cases.models import Case
from bpa_service.cases.policy import Policy
from bpa_service.db.tables import outbox
from bpa_service.experts import queries as experts
from bpa_service.experts.domain import Expert
from service_kit import audit, live
from service_kit.audit import Detail
from service_kit.db import Session
from service_kit.http.problems import NotAllowed, NotFound, Problem
from service_kit.paging import Page
from shared_schemas.events.bpa_v1 import CaseReleasedV1, ExpertRef, ReleaseCause
from shared_schemas.events.cabinet_v1 import ClientRef

AUDIENCE: Final = "desk"


@dataclass(frozen=True, slots=True)
class Client:
    """The client of a case, as the audit log names them: by the id of their account."""

    id: UUID
    display_name: str = "client"


async def lock(session: Session, case_id: UUID, *, policy: Policy, now: datetime) -> Case:
    """The case, locked until the transaction ends; a lease that has run out is recorded first.

    Raises NotFound.
    """
    case = await session.get(Case, case_id, with_for_update=True, populate_existing=True)
    if case is None:
        raise NotFound
    await record_lapse(session, case, policy=policy, now=now)
    return case


async def record_lapse(session: Session, case: Case, *, policy: Policy, now: datetime) -> None:
    """Put the case back into the queue if its holder has not been heard of for too long."""
    if not domain.has_lapsed(case.standing, now):
        return
    lost_by = case.holder_id
    await move(session, case, Act.LAPSE, by=None, policy=policy, now=now)
    await leave_traces(session, case, "case_lease_lost", by=None, now=now, details={"expert_id": lost_by})
    await outbox.add(
        session,
        CaseReleasedV1(
            inspection_id=case.id,
            cause=ReleaseCause.LEASE_LOST,
            released_at=case.holder_changed_at,
            state=case.state,
        ),
        now=now,
    )


async def begin(
    session: Session,
    case_id: UUID,
    act: Act,
    *,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> Case:
    """The case, locked, for `by` to do `act`. `seen` is the version that they know, if they said.

    Whatever the holder does is a sign of life, as good as a heartbeat.

    Raises NotFound, CaseErased, VersionConflict, or the problem that keeps them from it.
    """
    case = await lock(session, case_id, policy=policy, now=now)
    if case.erased_at is not None:
        raise errors.CaseErased
    try:
        domain.check(case.standing, act, actor=by, now=now)
    except Refused as refused:
        raise await _problem(session, case, refused.refusal, now) from None
    await _check_version(session, case, seen)
    if case.holder_id == by.id:
        case.standing = domain.kept(case.standing, now, policy.lease)
    return case


async def move(
    session: Session,
    case: Case,
    act: Act,
    *,
    by: Expert | None,
    policy: Policy,
    now: datetime,
    to: UUID | None = None,
) -> None:
    """Let the case stand as it does after `act`, and note when it changed hands.

    Raises the problem that keeps `by` from it.
    """
    try:
        standing = domain.after(case.standing, act, actor=by, now=now, terms=policy.lease, to=to)
    except Refused as refused:
        raise await _problem(session, case, refused.refusal, now) from None
    holder_before = case.holder_id
    case.standing = standing
    if case.holder_id != holder_before:
        case.holder_changed_at = max(case.holder_changed_at, now)
    if standing.ended is None:
        case.ended_at = None
        wake_by(case, case.lease_expires_at)
    else:
        case.ended_at = case.ended_at or now
        case.next_tick_at = None


async def leave_traces(
    session: Session,
    case: Case,
    act: str,
    *,
    by: Expert | Client | None,
    now: datetime,
    details: Mapping[str, Detail] | None = None,
    hint: str | None = None,
) -> None:
    """Count what was done as a version, note it in the audit log, and tell the desk.

    The kind of the live hint is `hint`, or else `case.` and what was done.
    """
    case.version += 1
    audit.record(session, act, by=by, now=now, subject_id=case.id, details=details)
    kind = hint or f"case.{act.removeprefix('case_')}"
    live.announce(session, audience=AUDIENCE, kind=kind, subject_id=case.id)


def wake_by(case: Case, at: datetime | None) -> None:
    """Have time look at the case by `at`. It may come earlier and find nothing to do, but never later."""
    if at is not None:
        case.next_tick_at = min(case.next_tick_at or at, at)


async def _check_version(session: Session, case: Case, seen: int | None) -> None:
    if seen is None or seen == case.version:
        return
    changed_by = audit.last_actor(session, case.id)
    if changed_by is None:
        wanted = audit_queries.AuditFilter(case_id=case.id)
        [entry, *_] = await audit_queries.entries(session, wanted, Page(after=None, limit=1))
        changed_by = entry.actor_name
    raise errors.VersionConflict(version=case.version, changed_by=changed_by)


def client_of(case: Case) -> Client:
    return Client(ClientRef.model_validate(case.client).account_id)


def ref(expert: Expert) -> ExpertRef:
    """An expert as clients know them."""
    return ExpertRef(expert_id=expert.id, display_name=expert.display_name)


_PROBLEMS: Final[Mapping[Refusal, type[Problem]]] = {
    Refusal.WRONG_ROLE: NotAllowed,
    Refusal.NOT_HELD: errors.CaseNotHeld,
    Refusal.ALREADY_ASKED: errors.SecondOpinionOpen,
    Refusal.NOT_ASKED: errors.SecondOpinionNotAsked,
    Refusal.OWN_QUESTION: errors.OwnSecondOpinion,
}


async def _problem(session: Session, case: Case, refusal: Refusal, now: datetime) -> Problem:
    if refusal is Refusal.ALREADY_HELD:
        return errors.CaseHeld(holder=await _holder_name(session, case, now))
    if refusal is Refusal.HELD_BY_OTHER:
        return errors.CaseHeldByOther(holder=await _holder_name(session, case, now))
    if refusal in _PROBLEMS:
        return _PROBLEMS[refusal]()
    return errors.WrongCaseState(state=case.state)


async def _holder_name(session: Session, case: Case, now: datetime) -> str:
    held_by = domain.holder(case.standing, now)
    expert = await experts.expert(session, held_by) if held_by else None
    return expert.display_name if expert else ""
