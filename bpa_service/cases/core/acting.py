"""What all acts on a case have in common: its lock, the judgement, and the traces that an act leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from bpa_service.audit import queries as audit_queries
from bpa_service.cases.core import domain, errors
from bpa_service.cases.core.domain import Act, Refusal, Refused, Standing
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.policy import Policy
from bpa_service.db.tables import AUDIENCE, outbox
from bpa_service.experts import queries as experts
from bpa_service.experts.domain import Expert
from bpa_service.notifications import notices
from bpa_service.notifications.notices import AboutCase
from service_kit import audit, live
from service_kit.audit import Detail
from service_kit.db import Session
from service_kit.http.problems import NotAllowed, NotFound, Problem
from service_kit.paging import Page
from shared_schemas.crossings import ClientAct
from shared_schemas.envelope import Event
from shared_schemas.events.bpa_v1 import CaseReleasedV1, ExpertRef, ReleaseCause
from shared_schemas.events.cabinet_v1 import ClientRef


@dataclass(frozen=True, slots=True)
class Client:
    """The client of a case, as the audit log names them: by the id of their account."""

    id: UUID
    display_name: str = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """An act under way: in which transaction, when, by which policy, and who does it.

    `by` is None for what the client does, for time, and for what follows from an act of itself.
    """

    session: Session
    policy: Policy
    now: datetime
    by: Expert | None

    @property
    def consequence(self) -> "Acting":
        """What follows from the act of itself, in the same transaction: nobody does it."""
        return Acting(session=self.session, policy=self.policy, now=self.now, by=None)

    async def lock(self, case_id: UUID) -> Case:
        """The case, locked until the transaction ends; a lease that has run out is recorded first.

        Raises NotFound.
        """
        case = await self.session.get(Case, case_id, lock=True)
        if case is None:
            raise NotFound
        await self.record_lapse(case)
        return case

    async def record_lapse(self, case: Case) -> None:
        """Put the case back into the queue if its holder has not been heard of for too long."""
        if not domain.has_lapsed(case.standing, self.now):
            return
        lapse, lost_by = self.consequence, case.holder_id
        await lapse.move(case, Act.LAPSE)
        lapse.record(case, "case_lease_lost", expert_id=lost_by)
        await lapse.announce(
            CaseReleasedV1(
                inspection_id=case.id,
                cause=ReleaseCause.LEASE_LOST,
                released_at=case.holder_changed_at,
                state=case.state,
            )
        )

    async def move(self, case: Case, act: Act, *, to: UUID | None = None) -> None:
        """Let the case stand as it does after `act`, and note when it changed hands.

        Raises the problem that keeps `by` from it.
        """
        try:
            standing = domain.after(
                case.standing, act, actor=self.by, now=self.now, terms=self.policy.lease, to=to
            )
        except Refused as refused:
            raise await self._problem(case, refused.refusal) from None
        _stand(case, standing, self.now)

    def hear(self, case: Case, act: ClientAct) -> bool:
        """Let the case stand as it does after the client's act, whatever it crossed; returns whether it moved."""
        state = case.state
        _stand(case, domain.after_hearing(case.standing, act), self.now)
        return case.state is not state

    def record(
        self,
        case: Case,
        act: str,
        /,
        *,
        by: Client | None = None,
        hint: str | None = None,
        **details: Detail,
    ) -> None:
        """Count what was done as a version, note it in the audit log, and tell the desk and whom it concerns.

        The kind of the live hint is `hint`, or else `case.` and what was done.
        """
        case.version += 1
        audit.record(self.session, act, by=by or self.by, now=self.now, subject_id=case.id, details=details)
        kind = hint or f"case.{act.removeprefix('case_')}"
        live.announce(self.session, audience=AUDIENCE, kind=kind, subject_id=case.id)
        if details.get("in_time") is not False:  # what came too late moves nothing, and nobody
            about = AboutCase(
                id=case.id,
                number=case.number,
                version=case.version,
                holder_id=case.holder_id,
                disputed=case.disputed,
                answered_by=case.answered_by,
            )
            notices.tell(self.session, kind, about, by=self.by.id if self.by else None, now=self.now)

    async def announce(self, event: Event) -> None:
        """Tell cabinet."""
        await outbox.add(self.session, event, now=self.now)

    async def _problem(self, case: Case, refusal: Refusal) -> Problem:
        if refusal is Refusal.ALREADY_HELD:
            return errors.CaseHeld(holder=await self._holder_name(case))
        if refusal is Refusal.HELD_BY_OTHER:
            return errors.CaseHeldByOther(holder=await self._holder_name(case))
        if refusal in _PROBLEMS:
            return _PROBLEMS[refusal]()
        return errors.WrongCaseState(state=case.state)

    async def _holder_name(self, case: Case) -> str:
        held_by = domain.holder(case.standing, self.now)
        expert = await experts.expert(self.session, held_by) if held_by else None
        return expert.display_name if expert else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertActing(Acting):
    """An expert's act under way. `seen` is the version of the case that they know, if they said."""

    by: Expert
    seen: int | None = None

    async def on(self, case_id: UUID, act: Act) -> Case:
        """The case, locked, for `by` to do `act`.

        Whatever the holder does is a sign of life, as good as a heartbeat.

        Raises NotFound, CaseErased, VersionConflict, or the problem that keeps them from it.
        """
        case = await self.lock(case_id)
        if case.erased_at is not None:
            raise errors.CaseErased
        try:
            domain.check(case.standing, act, actor=self.by, now=self.now)
        except Refused as refused:
            raise await self._problem(case, refused.refusal) from None
        await self._check_version(case)
        if case.holder_id == self.by.id:
            case.standing = domain.kept(case.standing, self.now, self.policy.lease)
        return case

    async def _check_version(self, case: Case) -> None:
        if self.seen is None or self.seen == case.version:
            return
        changed_by = audit.last_actor(self.session, case.id)
        if changed_by is None:
            wanted = audit_queries.AuditFilter(case_id=case.id)
            [entry, *_] = await audit_queries.entries(self.session, wanted, Page(after=None, limit=1))
            changed_by = entry.actor_name
        raise errors.VersionConflict(version=case.version, changed_by=changed_by)


def schedule_tick(case: Case, at: datetime | None) -> None:
    """Have time look at the case by `at`. It may come earlier and find nothing to do, but never later."""
    if at is not None:
        case.next_tick_at = min(case.next_tick_at or at, at)


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
    Refusal.OWN_ANSWER: errors.OwnAnswerDisputed,
    Refusal.DISPUTE_OF_SENIORS: errors.DisputeOfSeniors,
    Refusal.AUTHOR_AMENDS: errors.AuthorCannotAmend,
}


def _stand(case: Case, standing: Standing, now: datetime) -> None:
    holder_before = case.holder_id
    case.standing = standing
    if case.holder_id != holder_before:
        case.holder_changed_at = max(case.holder_changed_at, now)
    if standing.ended is None:
        case.ended_at = None
        schedule_tick(case, case.lease_expires_at)
    else:
        case.ended_at = case.ended_at or now
        case.next_tick_at = None
