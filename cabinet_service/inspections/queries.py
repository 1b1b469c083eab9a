"""Reads of inspections. Each is scoped by the client who asks; what is not theirs is not there."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.domain import TaskState
from cabinet_service.inspections.identifiers.letters import folded, latin
from cabinet_service.inspections.models import (
    ClockMirror,
    Decision,
    Dispute,
    InfoTask,
    Inspection,
    Message,
    TimelineEntry,
)
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound
from service_kit.paging import Page
from shared_schemas.clock import Clock
from shared_schemas.words import InspectionState, Verdict

Row = TypeVar("Row", Inspection, UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which inspections a list is to show. `text` is how a number of the car or of the inspection begins."""

    states: Collection[InspectionState] = ()
    company_id: UUID | None = None
    text: str | None = None
    updated_since: datetime | None = None


def _ids(name: str) -> BindParameter[Sequence[UUID]]:
    return bindparam(name, type_=ARRAY(Uuid))


# The same lines as `_lines`, put together once: almost every request asks this.
_ONE: Final = select(Inspection).where(
    Inspection.id == bindparam("id"),
    or_(
        and_(
            Inspection.account_id == bindparam("account_id"),
            or_(Inspection.company_id.is_(None), Inspection.company_id == any_(_ids("member_of"))),
        ),
        Inspection.company_id == any_(_ids("companies")),
        Inspection.branch_id == any_(_ids("branches")),
    ),
)
_LOCKED: Final = _ONE.with_for_update()


async def inspection(session: ReadSession, inspection_id: UUID, *, client: Client) -> Inspection:
    """Raises NotFound."""
    return _found(await session.scalar(_ONE, _one(inspection_id, client)))


async def locked(session: ReadSession, inspection_id: UUID, *, client: Client) -> Inspection:
    """The same, locked until the end of the transaction: whoever else wants to change it waits."""
    return _found(await session.scalar(_LOCKED, _one(inspection_id, client)))


def _found(row: Inspection | None) -> Inspection:
    if row is None:
        raise NotFound
    return row


def _one(inspection_id: UUID, client: Client) -> dict[str, Any]:
    who = client.visible_inspections
    return {
        "id": inspection_id,
        "account_id": who.account_id,
        "member_of": who.member_of,
        "companies": who.companies,
        "branches": who.branches,
    }


def _lines(client: Client) -> list[ColumnElement[bool]]:
    """Conditions of which an inspection of the client's fits at least one. An index serves each."""
    who = client.visible_inspections
    in_whose_name = or_(Inspection.company_id.is_(None), Inspection.company_id.in_(who.member_of))
    return [
        and_(Inspection.account_id == who.account_id, in_whose_name),
        *(Inspection.company_id == company for company in who.companies),
        *(Inspection.branch_id == branch for branch in who.branches),
    ]


async def youngest(
    session: ReadSession, wanted: Wanted, *, client: Client, page: Page
) -> Sequence[Inspection]:
    """One more than a page of inspections, the youngest first. `page.after` is (created_at, id)."""
    filters = list(_filters(wanted))
    # A page of each line, and of these the first: one condition with OR would sort everything that fits.
    pages = [_page(select(Inspection.id).where(line, *filters), page).subquery() for line in _lines(client)]
    ids = union(*(select(one.c.id) for one in pages)).subquery()
    return (
        await session.scalars(_page(select(Inspection).where(Inspection.id.in_(select(ids.c.id))), page))
    ).all()


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.company_id is not None:
        yield Inspection.company_id == wanted.company_id
    if wanted.states:
        yield Inspection.state.in_(wanted.states)
    if wanted.updated_since is not None:
        yield Inspection.updated_at >= wanted.updated_since
    if wanted.text is not None and (beginning := latin(folded(wanted.text)).strip()):
        compact = beginning.replace(" ", "").replace("-", "")
        yield or_(
            Inspection.number.startswith(beginning, autoescape=True),
            Inspection.identifier.startswith(beginning.replace(" ", "-"), autoescape=True),
            Inspection.identifier.startswith(compact, autoescape=True),
            Inspection.plate.startswith(compact, autoescape=True),
        )


def _page(statement: Select[Row], page: Page) -> Select[Row]:
    if page.after is not None:
        statement = statement.where(tuple_(Inspection.created_at, Inspection.id) < page.after)
    return statement.order_by(Inspection.created_at.desc(), Inspection.id.desc()).limit(page.limit + 1)


# Below, whoever calls has got the inspection from one of the functions above.


async def info_tasks(session: ReadSession, inspection_id: UUID) -> Sequence[InfoTask]:
    """In the order in which they were asked."""
    rows = await session.scalars(
        select(InfoTask)
        .where(InfoTask.inspection_id == inspection_id)
        .order_by(InfoTask.created_at, InfoTask.id)
    )
    return rows.all()


async def info_task(session: ReadSession, inspection_id: UUID, task_id: UUID) -> InfoTask:
    """Raises NotFound."""
    task = await session.get(InfoTask, task_id)
    if task is None or task.inspection_id != inspection_id:
        raise NotFound
    return task


async def decisions(session: ReadSession, inspection_id: UUID) -> Sequence[Decision]:
    """All versions, the oldest first."""
    rows = await session.scalars(
        select(Decision).where(Decision.inspection_id == inspection_id).order_by(Decision.version)
    )
    return rows.all()


async def disputes(session: ReadSession, inspection_id: UUID) -> Sequence[Dispute]:
    """The oldest first."""
    rows = await session.scalars(
        select(Dispute).where(Dispute.inspection_id == inspection_id).order_by(Dispute.opened_at)
    )
    return rows.all()


async def clock(session: ReadSession, inspection_id: UUID, number: int | None = None) -> Clock | None:
    """The clock with this number, or else the last one; None if there is none."""
    statement = (
        select(ClockMirror.facts)
        .where(ClockMirror.inspection_id == inspection_id)
        .order_by(ClockMirror.number.desc())
        .limit(1)
    )
    if number is not None:
        statement = statement.where(ClockMirror.number == number)
    facts = await session.scalar(statement)
    return None if facts is None else Clock.model_validate(facts)


async def messages(session: ReadSession, inspection_id: UUID, *, page: Page) -> Sequence[Message]:
    """One more than a page, the oldest first. `page.after` is (posted_at, id)."""
    statement = select(Message).where(Message.inspection_id == inspection_id)
    if page.after is not None:
        statement = statement.where(tuple_(Message.posted_at, Message.id) > page.after)
    rows = await session.scalars(statement.order_by(Message.posted_at, Message.id).limit(page.limit + 1))
    return rows.all()


async def timeline(session: ReadSession, inspection_id: UUID, *, page: Page) -> Sequence[TimelineEntry]:
    """One more than a page, the oldest first. `page.after` is (at, id)."""
    entries = TimelineEntry
    statement = select(entries).where(entries.inspection_id == inspection_id)
    if page.after is not None:
        statement = statement.where(tuple_(entries.at, entries.id) > page.after)
    rows = await session.scalars(statement.order_by(entries.at, entries.id).limit(page.limit + 1))
    return rows.all()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a list shows of an inspection beside its row."""

    clock: Clock | None
    verdict: Verdict | None
    open_tasks: int


async def standings(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of inspections that the caller has got from `youngest`."""
    clocks = await session.execute(
        select(ClockMirror.inspection_id, ClockMirror.facts)
        .where(ClockMirror.inspection_id.in_(ids))
        .order_by(ClockMirror.number)
    )
    clock_of = {row.inspection_id: Clock.model_validate(row.facts) for row in clocks}
    answers = await session.execute(
        select(Decision.inspection_id, Decision.body["verdict"].astext)
        .where(Decision.inspection_id.in_(ids))
        .order_by(Decision.version)
    )
    verdict_of = {inspection_id: Verdict(verdict) for inspection_id, verdict in answers}
    tasks = await session.execute(
        select(InfoTask.inspection_id, func.count())
        .where(InfoTask.inspection_id.in_(ids), InfoTask.state == TaskState.OPEN)
        .group_by(InfoTask.inspection_id)
    )
    tasks_of: dict[UUID, int] = {row[0]: row[1] for row in tasks}
    return {one: Standing(clock_of.get(one), verdict_of.get(one), tasks_of.get(one, 0)) for one in ids}
