"""Reads of cases. Each list costs a fixed number of queries, however long its page is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import defer, selectinload

from bpa_service.cases.domain import OPEN
from bpa_service.cases.models import (
    Case,
    CheckResult,
    Decision,
    Dispute,
    Finding,
    Incident,
    InfoTask,
    Message,
    Note,
    SavedDraft,
    SecondOpinion,
    TaskState,
)
from bpa_service.evidence import queries as evidence
from bpa_service.experts import queries as experts
from bpa_service.playbook import queries as playbook
from bpa_service.playbook.models import Check
from bpa_service.sla import queries as sla
from bpa_service.sla.domain import Ledger
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas.clock import Clock
from shared_schemas.evidence import EvidenceRef
from shared_schemas.words import InspectionState

T = TypeVar("T")
MESSAGES_SHOWN: Final = 200
_OPEN_TASKS: Final = (
    select(func.count())
    .select_from(InfoTask)
    .where(InfoTask.case_id == Case.id, InfoTask.state == TaskState.OPEN)
    .correlate(Case)
    .scalar_subquery()
)


class View(StrEnum):
    """What part of the queue is asked for."""

    OPEN = "open"
    MINE = "mine"
    WAITING = "waiting"
    SECOND_OPINION = "second_opinion"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An open case as the queue shows it."""

    case: Case
    clock: Clock
    holder_name: str | None
    open_tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """Everything about a case. `ledgers` has one clock for each time it was in the queue."""

    case: Case
    ledgers: Sequence[Ledger]
    evidence: Sequence[EvidenceRef]
    findings: Sequence[Finding]
    checks: Sequence[Check]
    check_results: Mapping[UUID, CheckResult]
    draft: SavedDraft | None
    info_tasks: Sequence[InfoTask]
    messages: Sequence[Message]
    notes: Sequence[Note]
    decisions: Sequence[Decision]
    second_opinions: Sequence[SecondOpinion]
    disputes: Sequence[Dispute]
    names: Mapping[UUID, str]


async def queue(session: ReadSession, view: View, page: Page, *, viewer_id: UUID) -> list[Row]:
    """Open cases: urgent ones first, then the least time left first; those whose clock stands still come last.

    One more than the page holds, if there is one. The key is (`queue_place`, `id`).
    """
    unread = (defer(Case.client, raiseload=True), defer(Case.worry, raiseload=True))
    statement = select(Case, _OPEN_TASKS).options(*unread).where(*_of_view(view, viewer_id))
    if page.after is not None:
        statement = statement.where(tuple_(Case.queue_place, Case.id) > page.after)
    found = await session.execute(statement.order_by(Case.queue_place, Case.id).limit(page.limit + 1))
    rows = found.all()
    clocks = await sla.clocks_of(session, [case.id for case, _ in rows])
    holders = await names(session, [case.holder_id for case, _ in rows])
    return [
        Row(
            case=case,
            clock=clocks[case.id],
            holder_name=holders[case.holder_id] if case.holder_id else None,
            open_tasks=open_tasks,
        )
        for case, open_tasks in rows
    ]


async def history(
    session: ReadSession, page: Page, *, number: str | None, state: InspectionState | None
) -> Sequence[Case]:
    """Cases of every state, the newest first. Like `queue`; the key is (`opened_at`, `id`)."""
    statement = select(Case)
    if number is not None:
        statement = statement.where(Case.number == number)
    if state is not None:
        statement = statement.where(Case.state == state)
    if page.after is not None:
        statement = statement.where(tuple_(Case.opened_at, Case.id) < page.after)
    ordered = statement.order_by(Case.opened_at.desc(), Case.id.desc())
    return await _all(session, ordered.limit(page.limit + 1))


async def version(session: ReadSession, case_id: UUID) -> int | None:
    """The version of a case; None if there is no such case."""
    return await session.scalar(select(Case.version).where(Case.id == case_id))


async def full(session: ReadSession, case_id: UUID) -> Full | None:
    """Everything about a case, of its messages the newest MESSAGES_SHOWN; None if there is no such case."""
    case = await session.get(Case, case_id)
    if case is None:
        return None
    newest = await messages(session, case_id, Page(after=None, limit=MESSAGES_SHOWN - 1))
    findings = select(Finding).where(Finding.case_id == case_id).options(selectinload(Finding.places))
    notes = select(Note).where(Note.case_id == case_id).order_by(Note.written_at, Note.id)
    photos = await evidence.of_case(session, case_id)
    results = await _all(session, select(CheckResult).where(CheckResult.case_id == case_id))
    answered = {result.check_id: result for result in results}
    found = Full(
        case=case,
        ledgers=await sla.ledgers_of(session, case_id),
        evidence=photos,
        findings=await _all(session, findings.order_by(Finding.recorded_at, Finding.id)),
        checks=await playbook.checks_for(session, {photo.shot for photo in photos}, answered.keys()),
        check_results=answered,
        draft=await session.get(SavedDraft, case_id),
        info_tasks=await _all(session, _tasks_of(case_id)),
        messages=newest[::-1],
        notes=await _all(session, notes),
        decisions=await decisions(session, case_id),
        second_opinions=await _all(session, _second_opinions_of(case_id)),
        disputes=await _all(
            session, select(Dispute).where(Dispute.case_id == case_id).order_by(Dispute.opened_at)
        ),
        names={},
    )
    return replace(found, names=await names(session, _people_in(found)))


async def messages(session: ReadSession, case_id: UUID, page: Page) -> Sequence[Message]:
    """The words between client and experts, the newest first. Like `queue`; the key is (`posted_at`, `id`)."""
    statement = select(Message).where(Message.case_id == case_id)
    if page.after is not None:
        statement = statement.where(tuple_(Message.posted_at, Message.id) < page.after)
    ordered = statement.order_by(Message.posted_at.desc(), Message.id.desc())
    return await _all(session, ordered.limit(page.limit + 1))


async def decisions(session: ReadSession, case_id: UUID) -> Sequence[Decision]:
    """Every version of the answer, the first one first."""
    return await _all(session, select(Decision).where(Decision.case_id == case_id).order_by(Decision.version))


async def incidents(session: ReadSession, page: Page) -> Sequence[Incident]:
    """The newest first. Like `queue`; the key is (`started_at`, `id`)."""
    statement = select(Incident)
    if page.after is not None:
        statement = statement.where(tuple_(Incident.started_at, Incident.id) < page.after)
    ordered = statement.order_by(Incident.started_at.desc(), Incident.id.desc())
    return await _all(session, ordered.limit(page.limit + 1))


async def names(session: ReadSession, expert_ids: Collection[UUID | None]) -> Mapping[UUID, str]:
    """What the people of ours among these ids are called."""
    wanted = {expert_id for expert_id in expert_ids if expert_id}
    return await experts.names(session, wanted) if wanted else {}


async def questions_of(session: ReadSession, case_id: UUID) -> Mapping[UUID, str]:
    """What was asked by each info task of the case."""
    return {task.id: task.question for task in await _all(session, _tasks_of(case_id))}


def _of_view(view: View, viewer_id: UUID) -> list[ColumnElement[bool]]:
    # Each says once which states it is about, and these are open ones: so the index of the open cases is used,
    # and the planner, which takes two conditions on one column for unrelated, still knows how many there are.
    match view:
        case View.OPEN:
            free = Case.state.in_((InspectionState.QUEUED, InspectionState.DISPUTED))
            return [free, Case.holder_id.is_(None)]
        case View.MINE:
            return [Case.state.in_(OPEN), Case.holder_id == viewer_id]
        case View.WAITING:
            return [Case.state == InspectionState.WAITING_CLIENT]
        case View.SECOND_OPINION:
            return [Case.state.in_(OPEN), Case.second_opinion_asked_by.is_not(None)]
        case View.ALL:
            return [Case.state.in_(OPEN)]


def _tasks_of(case_id: UUID) -> Select[InfoTask]:
    return select(InfoTask).where(InfoTask.case_id == case_id).order_by(InfoTask.asked_at, InfoTask.id)


def _second_opinions_of(case_id: UUID) -> Select[SecondOpinion]:
    return (
        select(SecondOpinion)
        .where(SecondOpinion.case_id == case_id)
        .order_by(SecondOpinion.asked_at, SecondOpinion.id)
    )


def _people_in(found: Full) -> set[UUID | None]:
    return {
        found.case.holder_id,
        *(task.asked_by for task in found.info_tasks),
        *(finding.author_id for finding in found.findings),
        *(result.author_id for result in found.check_results.values()),
        found.draft and found.draft.author_id,
        *(message.author_id for message in found.messages),
        *(note.author_id for note in found.notes),
        *(decision.author_id for decision in found.decisions),
        *(opinion.asked_by for opinion in found.second_opinions),
        *(opinion.answered_by for opinion in found.second_opinions),
    }


async def _all(session: ReadSession, statement: Select[T]) -> Sequence[T]:
    return (await session.scalars(statement)).all()
