"""Reads of the queue, and of cases of every state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, func, literal_column, or_, select, tuple_

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.asking.queries import OPEN_TASKS
from bpa_service.cases.core import queries as case_queries
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import Case
from bpa_service.cases.naming import queries as naming
from bpa_service.cases.tying import queries as tying
from bpa_service.evidence import queries as evidence
from bpa_service.sla import queries as sla
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas import identifiers
from shared_schemas.clock import Clock
from shared_schemas.words import InspectionState, Shot


class Photo(NamedTuple):
    """A photo that a row shows."""

    evidence_id: UUID
    shot: Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An open case as the queue shows it. `photos` are the first ones; `other_cases` are nine at most."""

    case: Case
    clock: Clock
    holder_name: str | None
    open_tasks: int
    photos: Sequence[Photo]
    other_cases: int
    open_elsewhere: bool
    other_plate: bool
    tied: bool
    seen_elsewhere: bool
    similar_elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What clients wait for: open cases by state, how many of them have no time left, the first of them since
    then, and for how many seconds that one has had nobody which has had nobody for longest.
    """

    by_state: Mapping[InspectionState, int]
    breached: int
    breached_since: datetime | None
    free_seconds: float


TIED: Final = tying.is_tied(Case.id.expression)
SEEN_ELSEWHERE: Final = evidence.seen_elsewhere(Case.id.expression)
SIMILAR_ELSEWHERE: Final = evidence.similar_elsewhere(Case.id.expression)


async def queue(session: ReadSession, view: View, page: Page, *, viewer_id: UUID) -> list[Row]:
    """Open cases: urgent ones first, then the least time left first; those whose clock stands still come last.

    One more than the page holds, if there is one. The key is (`queue_place`, `id`).
    """
    shown = evidence.first_of(Case.id.expression)
    named = naming.said_beside(Case.id.expression)
    statement = select(
        Case,
        OPEN_TASKS,
        named.c.others,
        named.c.open_elsewhere,
        named.c.other_plate,
        TIED,
        SEEN_ELSEWHERE,
        SIMILAR_ELSEWHERE,
        shown.c.photo_ids,
        shown.c.shots,
    ).where(*of_view(view, viewer_id))
    if page.after is not None:
        statement = statement.where(tuple_(Case.queue_place, Case.id) > page.after)
    found = await session.execute(statement.order_by(Case.queue_place, Case.id).limit(page.limit + 1))
    rows = found.all()
    clocks = await sla.clocks_of(session, [case.id for case, *_ in rows])
    holders = await case_queries.names(session, [case.holder_id for case, *_ in rows])
    return [
        Row(
            case=case,
            clock=clocks[case.id],
            holder_name=holders[case.holder_id] if case.holder_id else None,
            open_tasks=open_tasks,
            photos=[
                Photo(photo_id, Shot(shot))
                for photo_id, shot in zip(photo_ids or (), shots or (), strict=True)
            ],
            other_cases=others,
            open_elsewhere=open_elsewhere,
            other_plate=other_plate,
            tied=tied,
            seen_elsewhere=seen_elsewhere,
            similar_elsewhere=similar_elsewhere,
        )
        for (
            case,
            open_tasks,
            others,
            open_elsewhere,
            other_plate,
            tied,
            seen_elsewhere,
            similar_elsewhere,
            photo_ids,
            shots,
        ) in rows
    ]


async def counts(session: ReadSession, *, viewer_id: UUID) -> dict[View, int]:
    """How many cases each view has."""
    # All are open: said once, so that the index of the open cases is used.
    parts = [func.count().filter(*of_view(view, viewer_id)) for view in View]
    found = (await session.execute(select(*parts).where(*of_view(View.ALL, viewer_id)))).one()
    return {view: found[place] for place, view in enumerate(View)}


async def waiting(session: ReadSession) -> Waiting:
    """As it is at this instant."""
    now = literal_column("now()", Case.submitted_at.type)
    # The clock that runs: an earlier one ran out over an earlier answer.
    ran_out = sla.breached_at(Case.id.expression, Case.clock_number.expression)
    found = await session.execute(
        select(Case.state, func.count(), func.count(ran_out), func.min(ran_out))
        .where(case_queries.stands_in(*OPEN))
        .group_by(Case.state)
    )
    states = found.all()
    free_for = func.extract("epoch", now - func.min(Case.holder_changed_at))
    free = await session.scalar(select(func.coalesce(free_for, 0)).where(*_of_nobody()))
    return Waiting(
        by_state={state: count for state, count, _, _ in states},
        breached=sum(late for _, _, late, _ in states),
        breached_since=min((first for *_, first in states if first), default=None),
        free_seconds=float(free or 0),
    )


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
        statement = statement.where(or_(Case.number_key.in_(values), Case.plate_key.in_(values)))
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
            return _of_nobody()
        case View.MINE:
            return [case_queries.stands_in(*OPEN), Case.holder_id == viewer_id]
        case View.WAITING:
            return [case_queries.stands_in(InspectionState.WAITING_CLIENT)]
        case View.SECOND_OPINION:
            return [case_queries.stands_in(*OPEN), Case.second_opinion_asked_by.is_not(None)]
        case View.ALL:
            return [case_queries.stands_in(*OPEN)]


def _of_nobody() -> list[ColumnElement[bool]]:
    return [
        case_queries.stands_in(InspectionState.QUEUED, InspectionState.DISPUTED),
        Case.holder_id.is_(None),
    ]
