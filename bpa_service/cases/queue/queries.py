"""Reads of the queue, and of cases of every state. Each list costs a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BindParameter, Boolean, ColumnElement, literal_column, or_, select, tuple_

from bpa_service.cases.asking.queries import OPEN_TASKS
from bpa_service.cases.core import queries as case_queries
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import PLATE, UNDIVIDED, Case
from bpa_service.sla import queries as sla
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas import identifiers
from shared_schemas.clock import Clock
from shared_schemas.words import InspectionState


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


async def queue(session: ReadSession, view: View, page: Page, *, viewer_id: UUID) -> list[Row]:
    """Open cases: urgent ones first, then the least time left first; those whose clock stands still come last.

    One more than the page holds, if there is one. The key is (`queue_place`, `id`).
    """
    statement = select(Case, OPEN_TASKS).where(*of_view(view, viewer_id))
    if page.after is not None:
        statement = statement.where(tuple_(Case.queue_place, Case.id) > page.after)
    found = await session.execute(statement.order_by(Case.queue_place, Case.id).limit(page.limit + 1))
    rows = found.all()
    clocks = await sla.clocks_of(session, [case.id for case, _ in rows])
    holders = await case_queries.names(session, [case.holder_id for case, _ in rows])
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
    session: ReadSession,
    page: Page,
    *,
    number: str | None = None,
    identifier: str | None = None,
    state: InspectionState | None = None,
) -> Sequence[Case]:
    """Cases of every state, the newest first. Like `queue`; the key is (`opened_at`, `id`).

    `identifier` is a number of the car in any spelling: the one that it is known by, or its plate.
    """
    statement = select(Case)
    if number is not None:
        statement = statement.where(Case.number == number)
    if identifier is not None:
        values = identifiers.spellings(identifier)
        statement = statement.where(or_(UNDIVIDED.in_(values), PLATE.in_(values)))
    if state is not None:
        statement = statement.where(Case.state == state)
    if page.after is not None:
        statement = statement.where(tuple_(Case.opened_at, Case.id) < page.after)
    ordered = statement.order_by(Case.opened_at.desc(), Case.id.desc())
    return (await session.scalars(ordered.limit(page.limit + 1))).all()


def of_view(view: View, viewer_id: UUID | BindParameter[UUID]) -> list[ColumnElement[bool]]:
    """What makes an open case a part of that view."""
    # Each says once which states it is about, and these are open ones: so the index of the open cases is used,
    # and the planner, which takes two conditions on one column for unrelated, still knows how many there are.
    match view:
        case View.OPEN:
            free = _stands_in(InspectionState.QUEUED, InspectionState.DISPUTED)
            return [free, Case.holder_id.is_(None)]
        case View.MINE:
            return [_stands_in(*OPEN), Case.holder_id == viewer_id]
        case View.WAITING:
            return [_stands_in(InspectionState.WAITING_CLIENT)]
        case View.SECOND_OPINION:
            return [_stands_in(*OPEN), Case.second_opinion_asked_by.is_not(None)]
        case View.ALL:
            return [_stands_in(*OPEN)]


def _stands_in(*states: InspectionState) -> ColumnElement[bool]:
    # A list of parameters would be written into the statement anew each time that it is sent.
    words = ", ".join(f"'{state}'" for state in sorted(states))
    return literal_column(f"{Case.__tablename__}.state IN ({words})", Boolean)
