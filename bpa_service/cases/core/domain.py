"""The life of a case as data: which act leads from which state to which, and who may do it.

Nothing here knows a database or a clock: what a case is comes in as a `Standing`, the time as `now`.
The state is never set. It follows from what is the case (somebody waits for the client, a dispute is open,
someone holds it …), so that no sequence of acts can make the two disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from bpa_service.experts.domain import Expert, Role
from shared_schemas import crossings
from shared_schemas.crossings import ClientAct
from shared_schemas.words import InspectionState as State

OPEN: Final = frozenset(
    {State.QUEUED, State.IN_WORK, State.WAITING_CLIENT, State.SECOND_OPINION, State.DISPUTED}
)
OVER: Final = frozenset({State.CLOSED, State.CANCELLED, State.UNPROCESSABLE, State.EXPIRED})
# In the other open states the holder cannot go on alone, so not being there must not cost them the case.
LEASE_RUNS_IN: Final = frozenset({State.IN_WORK, State.DISPUTED})


class Act(StrEnum):
    """What experts and time do to a case. What its client does is heard (`after_hearing`), and never refused."""

    CLAIM = "claim"
    HEARTBEAT = "heartbeat"
    RELEASE = "release"
    LAPSE = "lapse"
    REASSIGN = "reassign"
    ASK = "ask"
    WITHDRAW_TASK = "withdraw_task"
    WAIT_FOR_CLIENT = "wait_for_client"
    GO_ON = "go_on"
    RECORD_FINDING = "record_finding"
    WRITE_NOTE = "write_note"
    WRITE_MESSAGE = "write_message"
    ASK_SECOND_OPINION = "ask_second_opinion"
    ANSWER_SECOND_OPINION = "answer_second_opinion"
    WITHDRAW_SECOND_OPINION = "withdraw_second_opinion"
    DECIDE_PRELIMINARY = "decide_preliminary"
    DECIDE = "decide"
    AMEND = "amend"
    GIVE_UP = "give_up"
    EXPIRE = "expire"
    TIE = "tie"
    UNTIE = "untie"


@dataclass(frozen=True, slots=True)
class Who:
    """Who may do an act: `holders` if they hold the case, `others` in any case.

    Neither: it is the client's act, or that of time, and comes without an actor.
    """

    holders: frozenset[Role] = frozenset()
    others: frozenset[Role] = frozenset()


VERDICT_ROLES: Final = frozenset({Role.EXPERT, Role.SENIOR})
_SENIORS: Final = frozenset({Role.SENIOR})
_LEADS: Final = frozenset({Role.SHIFT_LEAD})

EXPERT: Final = Who(others=VERDICT_ROLES)
HOLDER: Final = Who(holders=VERDICT_ROLES)
HOLDER_OR_SENIOR: Final = Who(holders=VERDICT_ROLES, others=_SENIORS)
HOLDER_OR_SHIFT_LEAD: Final = Who(holders=VERDICT_ROLES, others=_LEADS)
SENIOR: Final = Who(others=_SENIORS)
EXPERT_OR_SHIFT_LEAD: Final = Who(others=VERDICT_ROLES | _LEADS)
CLIENT: Final = Who()
TIME: Final = Who()


def _in(who: Who, *states: State) -> dict[State, Who]:
    return dict.fromkeys(states, who)


RULES: Final[Mapping[Act, Mapping[State, Who]]] = {
    Act.CLAIM: _in(EXPERT, *OPEN),
    Act.HEARTBEAT: _in(HOLDER, *OPEN),
    Act.RELEASE: _in(HOLDER, *OPEN),
    Act.LAPSE: _in(TIME, *LEASE_RUNS_IN),
    # To somebody else, or back to the queue.
    Act.REASSIGN: _in(HOLDER_OR_SHIFT_LEAD, *OPEN),
    Act.ASK: _in(HOLDER, *OPEN),
    Act.WITHDRAW_TASK: _in(HOLDER_OR_SENIOR, *OPEN),
    Act.WAIT_FOR_CLIENT: _in(CLIENT, *OPEN),
    Act.GO_ON: _in(CLIENT, State.WAITING_CLIENT),
    Act.RECORD_FINDING: _in(HOLDER, *OPEN) | _in(SENIOR, State.ANSWERED),
    Act.WRITE_NOTE: _in(HOLDER_OR_SENIOR, *OPEN, State.ANSWERED, *OVER),
    Act.WRITE_MESSAGE: _in(HOLDER_OR_SENIOR, *OPEN, State.ANSWERED),
    Act.ASK_SECOND_OPINION: _in(HOLDER, *OPEN),
    Act.ANSWER_SECOND_OPINION: _in(SENIOR, *OPEN),
    Act.WITHDRAW_SECOND_OPINION: _in(HOLDER, *OPEN),
    Act.DECIDE_PRELIMINARY: _in(HOLDER, *OPEN),
    Act.DECIDE: _in(HOLDER, *OPEN),
    # The states of an answer that is looked at again, and the answer itself.
    Act.AMEND: _in(SENIOR, State.DISPUTED, State.WAITING_CLIENT, State.SECOND_OPINION, State.ANSWERED),
    Act.GIVE_UP: _in(HOLDER_OR_SHIFT_LEAD, *OPEN),
    Act.EXPIRE: _in(TIME, State.WAITING_CLIENT),
    # Two cases, each by these rules. A tie that was a mistake is undone whatever became of them.
    Act.TIE: _in(EXPERT_OR_SHIFT_LEAD, *OPEN),
    Act.UNTIE: _in(EXPERT_OR_SHIFT_LEAD, *OPEN, State.ANSWERED, *OVER),
}

_ENDS: Final[Mapping[Act, State]] = {
    Act.DECIDE: State.ANSWERED,
    Act.AMEND: State.ANSWERED,
    Act.GIVE_UP: State.UNPROCESSABLE,
    Act.EXPIRE: State.EXPIRED,
}


class Refusal(StrEnum):
    """Why an act is not legal."""

    WRONG_STATE = "wrong_state"
    WRONG_ROLE = "wrong_role"
    NOT_HELD = "not_held"
    HELD_BY_OTHER = "held_by_other"
    ALREADY_HELD = "already_held"
    ALREADY_ASKED = "already_asked"
    NOT_ASKED = "not_asked"
    OWN_QUESTION = "own_question"
    OWN_ANSWER = "own_answer"
    DISPUTE_OF_SENIORS = "dispute_of_seniors"
    AUTHOR_AMENDS = "author_amends"
    INCOMPLETE = "incomplete"
    LEASE_RUNS = "lease_runs"


class Refused(Exception):
    """The act is not legal, and nothing has changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """How long a hold lasts without a sign of life, and after a return from waiting."""

    length: timedelta
    resume_window: timedelta


@dataclass(frozen=True, slots=True)
class Hold:
    """Who has the case in hand. `expires_at` is None while the lease is suspended."""

    expert_id: UUID
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a case stands. `asked_by` is who asked for the second opinion that is still out, `answered_by` who gave
    the answer that counts.
    """

    ended: State | None = None
    waiting: bool = False
    disputed: bool = False
    asked_by: UUID | None = None
    answered_by: UUID | None = None
    hold: Hold | None = None

    @property
    def state(self) -> State:
        if self.ended is not None:
            return self.ended
        if self.waiting:
            return State.WAITING_CLIENT
        if self.asked_by is not None:
            return State.SECOND_OPINION
        if self.disputed:
            return State.DISPUTED
        return State.QUEUED if self.hold is None else State.IN_WORK


def holder(standing: Standing, now: datetime) -> UUID | None:
    """Who holds the case at `now`: a lease that has run out is nobody's, whether or not that was recorded."""
    hold = standing.hold
    if hold is None or (hold.expires_at is not None and hold.expires_at <= now):
        return None
    return hold.expert_id


def has_lapsed(standing: Standing, now: datetime) -> bool:
    return standing.hold is not None and holder(standing, now) is None


def kept(standing: Standing, now: datetime, terms: LeaseTerms) -> Standing:
    """With the lease kept for another length, unless it is suspended or lasts longer anyway."""
    hold = standing.hold
    if hold is None or hold.expires_at is None:
        return standing
    return replace(standing, hold=Hold(hold.expert_id, max(hold.expires_at, now + terms.length)))


def check(standing: Standing, act: Act, *, actor: Expert | None, now: datetime) -> None:
    """Raises Refused unless `actor` (None: the client, or time) may do `act` now.

    Whether a decision is complete is judged apart from that: see `after` and `completeness.missing`.
    """
    held_by = holder(standing, now)
    if act is Act.LAPSE:
        if not has_lapsed(standing, now):
            raise Refused(Refusal.LEASE_RUNS)
    else:
        standing = _without_lapsed_hold(standing, now)
    roles = roles_for(act)
    if bool(roles) != (actor is not None) or (actor is not None and actor.role not in roles):
        raise Refused(Refusal.WRONG_ROLE)
    who = RULES[act].get(standing.state)
    if who is None:
        raise Refused(Refusal.WRONG_STATE)
    if actor is not None:
        _check_person(who, actor, held_by)
    _check_circumstances(standing, act, actor.id if actor else None, held_by)
    if actor is not None and standing.disputed:
        _check_reviewer(standing, act, actor)


def is_legal(standing: Standing, act: Act, *, actor: Expert | None = None, now: datetime) -> bool:
    """Whether `actor` (None: the client, or time) may do `act` now, as far as the standing decides that."""
    try:
        check(standing, act, actor=actor, now=now)
        _check_awaited(standing, act)
    except Refused:
        return False
    return True


def acts_open_to(actor: Expert, standing: Standing, now: datetime) -> list[Act]:
    """What `actor` may do now, as far as the standing decides that."""
    return [act for act in Act if is_legal(standing, act, actor=actor, now=now)]


def after(
    standing: Standing,
    act: Act,
    *,
    actor: Expert | None,
    now: datetime,
    terms: LeaseTerms,
    to: UUID | None = None,
) -> Standing:
    """How the case stands after `act`. `to` is whom it is reassigned to; None: nobody. Raises Refused."""
    check(standing, act, actor=actor, now=now)
    _check_awaited(standing, act)
    standing = _without_lapsed_hold(standing, now)  # which is all that LAPSE does
    return _with_lease(_changed(standing, act, actor, now, terms, to), now, terms)


def after_hearing(standing: Standing, act: ClientAct) -> Standing:
    """How the case stands after the client's act, whatever it crossed: see `shared_schemas.crossings`."""
    state = crossings.after_hearing(standing.state, act)
    if state is standing.state:
        return standing
    if state is State.DISPUTED:
        return Standing(disputed=True, answered_by=standing.answered_by)
    return Standing(ended=state, answered_by=standing.answered_by)


def _changed(
    standing: Standing, act: Act, actor: Expert | None, now: datetime, terms: LeaseTerms, to: UUID | None
) -> Standing:
    if act in _ENDS:
        author = actor.id if actor and act in (Act.DECIDE, Act.AMEND) else standing.answered_by
        return Standing(ended=_end(standing, act), answered_by=author)
    changed = standing
    match act:
        case Act.CLAIM | Act.HEARTBEAT if actor is not None:
            changed = replace(standing, hold=_held(standing.hold, actor.id, now + terms.length))
        case Act.REASSIGN if to is not None:
            # They did not take it themselves, so they get the time to notice.
            changed = replace(standing, hold=_held(standing.hold, to, now + terms.resume_window))
        case Act.RELEASE | Act.REASSIGN:
            changed = replace(standing, hold=None)
        case Act.WAIT_FOR_CLIENT | Act.GO_ON:
            changed = replace(standing, waiting=act is Act.WAIT_FOR_CLIENT)
        case Act.ASK_SECOND_OPINION if actor is not None:
            changed = replace(standing, asked_by=actor.id)
        case Act.ANSWER_SECOND_OPINION | Act.WITHDRAW_SECOND_OPINION:
            changed = replace(standing, asked_by=None)
        case _:
            pass
    return changed


def _end(standing: Standing, act: Act) -> State:
    """Who gives up on a dispute leaves the answer that it was about."""
    return State.ANSWERED if standing.disputed else _ENDS[act]


def _held(hold: Hold | None, expert_id: UUID, until: datetime) -> Hold:
    """The case in somebody's hands. Who has it already and for longer, e.g. after a reply, keeps that time."""
    if hold is None or hold.expert_id != expert_id or hold.expires_at is None:
        return Hold(expert_id, until)
    return Hold(expert_id, max(hold.expires_at, until))


def _with_lease(standing: Standing, now: datetime, terms: LeaseTerms) -> Standing:
    """Suspend the lease where it does not run, and give it the resume window where it runs again."""
    hold = standing.hold
    if hold is None:
        return standing
    if standing.state not in LEASE_RUNS_IN:
        return replace(standing, hold=Hold(hold.expert_id, None))
    if hold.expires_at is None:
        return replace(standing, hold=Hold(hold.expert_id, now + terms.resume_window))
    return standing


def _without_lapsed_hold(standing: Standing, now: datetime) -> Standing:
    return replace(standing, hold=None) if has_lapsed(standing, now) else standing


def roles_for(act: Act) -> frozenset[Role]:
    """The roles of which one is needed to do `act` in at least one state; none for what no person does."""
    return frozenset[Role]().union(*(who.holders | who.others for who in RULES[act].values()))


def may_amend(role: Role) -> bool:
    """Whether somebody of that role answers disputes, of answers that are not their own."""
    return role in roles_for(Act.AMEND)


def _check_person(who: Who, actor: Expert, held_by: UUID | None) -> None:
    if actor.role in who.others:
        return
    if actor.role not in who.holders:
        raise Refused(Refusal.WRONG_ROLE)
    if held_by is None:
        raise Refused(Refusal.NOT_HELD)
    if held_by != actor.id:
        raise Refused(Refusal.HELD_BY_OTHER)


def _check_circumstances(standing: Standing, act: Act, actor: UUID | None, held_by: UUID | None) -> None:
    match act:
        case Act.CLAIM if held_by not in (None, actor):
            raise Refused(Refusal.ALREADY_HELD)
        # A dispute is answered by an amendment, everything else by a decision.
        case Act.DECIDE_PRELIMINARY | Act.DECIDE if standing.disputed:
            raise Refused(Refusal.WRONG_STATE)
        case Act.AMEND if not standing.disputed and standing.ended is None:
            raise Refused(Refusal.WRONG_STATE)
        case Act.AMEND if standing.answered_by == actor:
            raise Refused(Refusal.AUTHOR_AMENDS)
        case Act.AMEND if held_by not in (None, actor):
            raise Refused(Refusal.HELD_BY_OTHER)
        case Act.ASK_SECOND_OPINION if standing.asked_by is not None:
            raise Refused(Refusal.ALREADY_ASKED)
        case Act.ANSWER_SECOND_OPINION | Act.WITHDRAW_SECOND_OPINION if standing.asked_by is None:
            raise Refused(Refusal.NOT_ASKED)
        case Act.ANSWER_SECOND_OPINION if standing.asked_by == actor:
            raise Refused(Refusal.OWN_QUESTION)
        case _:
            pass


# What settles a dispute, or takes it in hand, or ends what its answer waits for.
_REVIEW: Final = frozenset({Act.CLAIM, Act.WITHDRAW_TASK, Act.ANSWER_SECOND_OPINION, Act.GIVE_UP})


def _check_reviewer(standing: Standing, act: Act, actor: Expert) -> None:
    """Nobody judges what is said against their own answer, nor holds or ends what they may not answer."""
    if act in _REVIEW and standing.answered_by == actor.id:
        raise Refused(Refusal.OWN_ANSWER)
    # Who leads the shift holds nothing.
    if act in (Act.CLAIM, Act.GIVE_UP) and actor.role in VERDICT_ROLES and not may_amend(actor.role):
        raise Refused(Refusal.DISPUTE_OF_SENIORS)


def _check_awaited(standing: Standing, act: Act) -> None:
    if act in (Act.DECIDE, Act.AMEND) and (standing.waiting or standing.asked_by is not None):
        raise Refused(Refusal.INCOMPLETE)
