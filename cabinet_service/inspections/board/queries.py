"""Reads of a company's board. Whoever calls has made sure that it is theirs to see, or which branch is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_, union, union_all

from cabinet_service.inspections.board.phases import STATES, Phase
from cabinet_service.inspections.core.models import Inspection
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas.letters import folded, latin
from shared_schemas.words import InspectionState

Row = TypeVar("Row", Inspection, UUID)
MOST_COUNTED: Final = 1_000
"""More than so many are not told apart: nobody counts on, and counting a hundred thousand takes its time."""
LEAST_TYPED: Final = 3
"""With fewer characters a great part of a company's cars begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose checks: of a branch or (None) of the whole company, and perhaps of one person."""

    company_id: UUID
    branch_id: UUID | None = None
    account_id: UUID | None = None


async def youngest(
    session: ReadSession, wanted: Wanted, phase: Phase, *, text: str | None, page: Page
) -> Sequence[Inspection]:
    """One more than a page of what stands in a phase, the youngest first. `page.after` is (created_at, id).

    `text` is how a number of the car begins, or the number of the check; fewer than `LEAST_TYPED` find nothing.
    """
    if text and not text.isspace():
        number = _compact(text)
        if len(number) < LEAST_TYPED:
            return ()
        ids = _named(wanted, STATES[phase], number)
    else:
        # A page of each state, off the index, and of these the first.
        pages = [_page(select(Inspection.id).where(*_of(wanted, state)), page) for state in STATES[phase]]
        ids = union_all(*(select(one.subquery().c.id) for one in pages))
    found = select(Inspection).where(Inspection.id.in_(select(ids.subquery().c.id)))
    return (await session.scalars(_page(found, page))).all()


def _named(wanted: Wanted, states: Sequence[InspectionState], number: str) -> Select[UUID]:
    """Those that go by the number: an index serves each way in which it may be meant."""
    plain = number.replace("-", "")
    by = (
        Inspection.identifier.startswith(number, autoescape=True),
        Inspection.identifier.startswith(plain, autoescape=True),
        Inspection.plate.startswith(plain, autoescape=True),
        Inspection.number.in_((f"A-{plain}", f"A-{plain[1:]}")),
    )
    of_company = Inspection.company_id == wanted.company_id
    called = union(*(select(Inspection.id).where(of_company, one) for one in by)).subquery()
    standing = or_(*(and_(*_of(wanted, state)) for state in states))
    return select(Inspection.id).where(Inspection.id.in_(select(called.c.id)), standing)


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


def _page(statement: Select[Row], page: Page) -> Select[Row]:
    if page.after is not None:
        statement = statement.where(tuple_(Inspection.created_at, Inspection.id) < page.after)
    return statement.order_by(Inspection.created_at.desc(), Inspection.id.desc()).limit(page.limit + 1)


async def counts(session: ReadSession, wanted: Wanted) -> Mapping[Phase, int]:
    """How many stand in each phase; one more than `MOST_COUNTED` means that there are more."""
    found: dict[Phase, int] = {}
    for phase, states in STATES.items():
        each = (select(Inspection.id).where(*_of(wanted, state)).limit(MOST_COUNTED + 1) for state in states)
        some = union_all(*(select(one.subquery().c.id) for one in each)).limit(MOST_COUNTED + 1)
        found[phase] = await session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return found
