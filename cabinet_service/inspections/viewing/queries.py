"""Reads of inspections, and of what happened to one. Each is scoped by the client who asks."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, any_, bindparam, func, or_, select, tuple_, union
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from cabinet_service.accounts import visibility
from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.clocks import queries as clocks
from cabinet_service.inspections.core.models import Inspection, TimelineEntry
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas import vin
from shared_schemas.clock import Clock
from shared_schemas.letters import folded, latin
from shared_schemas.words import InspectionState, Verdict

Row = TypeVar("Row", Inspection, UUID)
_NOT_CHECKED: Final = (InspectionState.CANCELLED, InspectionState.UNPROCESSABLE, InspectionState.EXPIRED)
_CHECKED: Final = (InspectionState.ANSWERED, InspectionState.DISPUTED, InspectionState.CLOSED)
_MOST_CHECKS: Final = 100
"""Of one car."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which inspections a list is to show. `text` is how a number of the car or of the inspection begins.

    Drafts that were deleted are among those of a state and those that changed, but not in the list of all.
    """

    states: Collection[InspectionState] = ()
    company_id: UUID | None = None
    text: str | None = None
    updated_since: datetime | None = None


def lines_of(client: Client) -> Sequence[ColumnElement[bool]]:
    """Conditions of which an inspection of the client's fits at least one. An index serves each.

    `core.queries` has the same in one condition, for one inspection.
    """
    return visibility.lines_of(Inspection, client)


async def youngest(
    session: ReadSession, wanted: Wanted, *, client: Client, page: Page
) -> Sequence[Inspection]:
    """One more than a page of inspections, the youngest first. `page.after` is (created_at, id)."""
    filters = list(_filters(wanted))
    # A page of each line, and of these the first: one condition with OR would sort everything that fits.
    pages = [_page(select(Inspection.id).where(line, *filters), page).subquery() for line in lines_of(client)]
    ids = union(*(select(one.c.id) for one in pages)).subquery()
    return (
        await session.scalars(_page(select(Inspection).where(Inspection.id.in_(select(ids.c.id))), page))
    ).all()


async def own(session: ReadSession, ids: Collection[UUID], *, client: Client) -> dict[UUID, Inspection]:
    """Those of these inspections that the client sent, and may see."""
    mine, *_ = lines_of(client)
    rows = await session.scalars(select(Inspection).where(Inspection.id.in_(ids), mine))
    return {row.id: row for row in rows}


async def own_named(
    session: ReadSession, keys: Collection[str], *, client: Client, limit: int
) -> dict[UUID, datetime]:
    """When the client sent what they sent with one of these numbers, of the car or of the inspection.

    At most `limit`, the newest. A number is a key without what divides it. They are compared one by one: a client
    has not so many.
    """
    mine, *_ = lines_of(client)
    numbers = (Inspection.identifier, Inspection.plate, Inspection.number)
    statement = (
        select(Inspection.id, Inspection.submitted_at)
        .where(mine, Inspection.submitted_at.is_not(None))
        .where(or_(*(func.replace(one, "-", "").in_(keys) for one in numbers)))
        .order_by(Inspection.submitted_at.desc(), Inspection.id.desc())
        .limit(limit)
    )
    return {id_: at for id_, at in await session.execute(statement) if at}


async def newest_of_cars(
    session: ReadSession, company_id: UUID, numbers: Collection[str], *, client: Client
) -> dict[str, Inspection]:
    """The newest inspections that a company has ordered of cars with these numbers, by the number.

    A number is one of a car, or its plate, whichever it was ordered as; what was given up or cancelled counts
    for nothing.
    """
    found: dict[str, Inspection] = {}
    for column in (Inspection.plate, Inspection.identifier):
        statement = (
            select(Inspection)
            .where(Inspection.company_id == company_id, or_(*lines_of(client)))
            .where(column == any_(bindparam("numbers", type_=ARRAY(String))))
            .where(Inspection.state.not_in(_NOT_CHECKED))
            .ext(distinct_on(column))
            .order_by(column, Inspection.created_at.desc(), Inspection.id.desc())
        )
        for one in await session.scalars(statement, {"numbers": list(numbers)}):
            number = getattr(one, column.key)
            found[number] = max(found.get(number, one), one, key=lambda each: (each.created_at, each.id))
    return found


async def checked_before(
    session: ReadSession, inspection: Inspection, *, client: Client
) -> Inspection | None:
    """The newest check of the same car before this one, ordered in the same name, that has an answer.

    A car is known by its number; of a check without one it is the newest without one of the same plate. What the
    client may not see, as that of another branch, is not there.
    """
    is_of_car = _of_car(inspection)
    if is_of_car is None:
        return None
    name = Inspection.company_id == inspection.company_id
    if inspection.company_id is None:
        name = and_(Inspection.company_id.is_(None), Inspection.account_id == inspection.account_id)
    return await session.scalar(
        select(Inspection)
        .where(name, or_(*lines_of(client)), is_of_car, Inspection.state.in_(_CHECKED))
        .where(Inspection.erased_at.is_(None), Inspection.is_test == inspection.is_test)
        .where(Inspection.submitted_at < inspection.submitted_at)
        .order_by(Inspection.submitted_at.desc(), Inspection.id.desc())
        .limit(1)
    )


async def checks_of_car(session: ReadSession, inspection: Inspection, *, client: Client) -> Sequence[UUID]:
    """The newest answered checks of its car that somebody else ordered for the same branch of its company, as far
    as the client sees them.
    """
    is_of_car = _of_car(inspection)
    if is_of_car is None or inspection.company_id is None:
        return ()
    found = await session.scalars(
        select(Inspection.id)
        .where(Inspection.company_id == inspection.company_id, or_(*lines_of(client)), is_of_car)
        .where(Inspection.branch_id.is_not_distinct_from(inspection.branch_id))
        .where(Inspection.account_id != client.account_id, Inspection.state.in_(_CHECKED))
        .where(Inspection.erased_at.is_(None), Inspection.is_test == inspection.is_test)
        .order_by(Inspection.submitted_at.desc(), Inspection.id.desc())
        .limit(_MOST_CHECKS)
    )
    return found.all()


def _of_car(inspection: Inspection) -> ColumnElement[bool] | None:
    """Whether an inspection is of the same car, by its number, or by its plate where neither has a number; None
    where it is known by nothing, as by a number that is nobody's.
    """
    if inspection.identifier is not None:
        is_nobodys = vin.is_placeholder(inspection.identifier)
        return None if is_nobodys else Inspection.identifier == inspection.identifier
    if inspection.plate is None:
        return None
    return and_(Inspection.identifier.is_(None), Inspection.plate == inspection.plate)


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.company_id is not None:
        yield Inspection.company_id == wanted.company_id
    if wanted.states:
        yield Inspection.state.in_(wanted.states)
    if wanted.updated_since is not None:
        yield Inspection.updated_at >= wanted.updated_since
    elif not wanted.states:
        yield or_(Inspection.submitted_at.is_not(None), Inspection.state != InspectionState.CANCELLED)
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
    clock_of = await clocks.clocks_of(session, ids)
    verdict_of = await answers.verdicts_of(session, ids)
    tasks_of = await asking.open_tasks_of(session, ids)
    return {one: Standing(clock_of.get(one), verdict_of.get(one), tasks_of.get(one, 0)) for one in ids}
