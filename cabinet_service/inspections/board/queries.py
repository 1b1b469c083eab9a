"""Reads of a company's board. Whoever calls has made sure that it is theirs to see, or which branch is."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.types import Uuid

from cabinet_service.inspections.board.phases import STATES, Phase
from cabinet_service.inspections.core.models import Inspection
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas.letters import folded, latin
from shared_schemas.words import InspectionState

Columns = TypeVarTuple("Columns")
MOST_COUNTED: Final = 1_000
"""More than so many are not told apart: nobody counts on, and counting a hundred thousand takes its time."""
LEAST_TYPED: Final = 3
"""With fewer characters a great part of a company's cars begins."""
MOST_NAMED: Final = 1_000
"""Where more go by a number, they are not sorted by their age, but looked for among the youngest."""
LOOKED_THROUGH: Final = 10_000
"""So many of a state, from where the page begins."""
_LAST: Final = chr(sys.maxunicode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose checks: of a branch or (None) of the whole company, and perhaps of one person."""

    company_id: UUID
    branch_id: UUID | None = None
    account_id: UUID | None = None


class Found(NamedTuple):
    """One more than a page, or fewer: then there are no more, or they lie behind `looked_to`."""

    rows: Sequence[Inspection]
    looked_to: Inspection | None = None


async def youngest(
    session: ReadSession, wanted: Wanted, phase: Phase, *, text: str | None, page: Page
) -> Found:
    """One more than a page of what stands in a phase, the youngest first. `page.after` is (created_at, id).

    `text` is how a number of the car begins, or the number of the check; fewer than `LEAST_TYPED` find nothing.
    """
    states = STATES[phase]
    if not text or text.isspace():
        # A page of each state, off the index, and of these the first.
        pages = [_page(select(Inspection.id).where(*_of(wanted, one)), page) for one in states]
        return Found(await _first(session, pages, page))
    number = _compact(text)
    if len(number) < LEAST_TYPED:
        return Found(())
    ids = (await session.scalars(_named(wanted, number))).all()
    if len(ids) > MOST_NAMED:
        return await _among_youngest(session, wanted, states, number, page)
    standing = or_(*(and_(*_of(wanted, one)) for one in states))
    found = select(Inspection).where(Inspection.id == any_(bindparam("ids", type_=ARRAY(Uuid))), standing)
    return Found((await session.scalars(_page(found, page), {"ids": ids})).all())


async def _first(session: ReadSession, pages: Collection[Select[UUID]], page: Page) -> Sequence[Inspection]:
    ids = union_all(*(select(one.subquery().c.id) for one in pages)).subquery()
    found = select(Inspection).where(Inspection.id.in_(select(ids.c.id)))
    return (await session.scalars(_page(found, page))).all()


async def _among_youngest(
    session: ReadSession, wanted: Wanted, states: Collection[InspectionState], number: str, page: Page
) -> Found:
    """Those that go by the number, of so many of each state. The state that reaches back least far ends them all:
    what lies behind that is of the next page, whatever it stands in.
    """
    each = union_all(
        *(select(_looked_through(wanted, one, number, page).subquery()) for one in states)
    ).subquery()
    seen = select(Inspection, each.c.goes_by_it, each.c.is_last).join(each, each.c.id == Inspection.id)
    rows: list[Inspection] = []
    for row, goes_by_it, is_last in await session.execute(_page(seen, page)):
        if goes_by_it:
            rows.append(row)
        if is_last:
            return Found(rows, looked_to=row)
    return Found(rows)


def _named(wanted: Wanted, number: str) -> Select[UUID]:
    """Those of the company that go by the number, or some more than `MOST_NAMED`."""
    of_company = Inspection.company_id == wanted.company_id
    # An index serves each way in which the number may be meant.
    ways = (select(Inspection.id).where(of_company, one).limit(MOST_NAMED + 1) for one in _ways(number))
    return select(union(*(select(one.subquery().c.id) for one in ways)).subquery().c.id)


def _looked_through(
    wanted: Wanted, state: InspectionState, number: str, page: Page
) -> Select[UUID, bool, bool]:
    """A page of those that go by the number, among so many that are looked through; and the last of these,
    whether it does or not.
    """
    many = Page(limit=LOOKED_THROUGH, after=page.after)
    place = func.row_number().over(order_by=(Inspection.created_at.desc(), Inspection.id.desc()))
    looked_at = _page(select(Inspection, place.label("place")).where(*_of(wanted, state)), many).subquery()
    some = aliased(Inspection, looked_at)
    goes_by_it, is_last = or_(*_ways(number, of=some)), looked_at.c.place > LOOKED_THROUGH
    seen = select(some.id, goes_by_it.label("goes_by_it"), is_last.label("is_last"))
    return _page(seen.where(or_(goes_by_it, is_last)), page, of=some)


def _ways(number: str, *, of: type[Inspection] = Inspection) -> Iterator[ColumnElement[bool]]:
    """What the number may be: how one of the car begins, or that of the check."""
    plain = number.replace("-", "")
    yield _begins(of.identifier, number)
    if plain != number:
        yield _begins(of.identifier, plain)
    yield _begins(of.plate, plain)
    yield of.number.in_((f"A-{plain}", f"A-{plain[1:]}"))


def _begins(column: InstrumentedAttribute[str | None], text: str) -> ColumnElement[bool]:
    """As LIKE would. It reads what policies let through only, and no index serves it where there are some."""
    return and_(column.op("~>=~")(text), column.op("~<~")(text + _LAST))


def _compact(text: str) -> str:
    """The number as it is stored: without spaces; a hyphen may be that of a frame number."""
    return latin(folded(text)).replace(" ", "").strip("-")


def _of(wanted: Wanted, state: InspectionState) -> Iterator[ColumnElement[bool]]:
    yield from _whose(wanted)
    yield Inspection.state == state
    if state is InspectionState.CANCELLED:
        yield Inspection.submitted_at.is_not(None)  # a draft that was deleted is nobody's business


def _whose(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield Inspection.company_id == wanted.company_id
    if wanted.branch_id is not None:
        yield Inspection.branch_id == wanted.branch_id
    if wanted.account_id is not None:
        yield Inspection.account_id == wanted.account_id


def _page(statement: Select[*Columns], page: Page, *, of: type[Inspection] = Inspection) -> Select[*Columns]:
    if page.after is not None:
        statement = statement.where(tuple_(of.created_at, of.id) < page.after)
    return statement.order_by(of.created_at.desc(), of.id.desc()).limit(page.limit + 1)


async def counts(session: ReadSession, wanted: Wanted) -> Mapping[Phase, int]:
    """How many stand in each phase; one more than `MOST_COUNTED` means that there are more."""
    found: dict[Phase, int] = {}
    for phase, states in STATES.items():
        each = (select(Inspection.id).where(*_of(wanted, state)).limit(MOST_COUNTED + 1) for state in states)
        some = union_all(*(select(one.subquery().c.id) for one in each)).limit(MOST_COUNTED + 1)
        found[phase] = await session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return found
