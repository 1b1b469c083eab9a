"""What sources have answered about a car, and how far those are that have not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Text, case, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from bpa_service.vehicles.enquiries import asked_sources
from bpa_service.vehicles.enquiries.answers import coverage_of
from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from bpa_service.vehicles.records import as_json
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Identifier, Record
from bpa_service.vehicles.sources.connector import Facts
from service_kit.db import ReadSession
from shared_schemas.records import CoverageState

NOT_CONFIGURED: Final = "not_configured"
NOT_ASKED: Final = "not_asked"
NOT_TAKEN: Final = "identifier_not_taken"
WAITING: Final = "waiting"
CASE_OVER: Final = "case_over"
NO_WORKER: Final = "not_asked_in_time"
STILL_RUNNING: Final = "still_running"
_STATES: Final = literal_column("'$[*].state'::jsonpath", Text)
MOST_ENQUIRIES: Final = 200
"""Read of one case, or of one car, the newest: more than anybody asks."""


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What one source says of a car, by the number `about`; None where it was asked by none.

    `enquiry_id` and `case_id` say for which case it was asked, None if it was not; that it was asked for an order
    of a history has an `enquiry_id` alone. `coverage` has each block that
    the source covers, once, whatever happened. `asked_at` is when the source itself was asked, which was for
    another case if it is `cached`; None: it was not. `asks_again_at` is when it is asked next, None: not by
    itself. `rejected` are items of the answer that became no record.
    """

    source: str
    about: Identifier | None
    coverage: tuple[Coverage, ...]
    records: Sequence[Record] = ()
    enquiry_id: UUID | None = None
    case_id: UUID | None = None
    put_at: datetime | None = None
    asked_at: datetime | None = None
    asks_again_at: datetime | None = None
    cached: bool = False
    rejected: int = 0


async def answers_about(
    session: ReadSession, identifiers: Iterable[Identifier], now: datetime, *, sources: Sequence[str]
) -> list[SourceAnswer]:
    """What the sources that can be asked have answered about the car with one of these numbers.

    Of each source and number the newest answer, whatever case it was asked for; one that is still being asked and
    has answered before is told by what it has answered. Every source that can be asked is there at least once:
    one that is not among `sources` (those that are turned on) as not covered, reason `not_configured`, unless it
    has answered before; one that takes none of the numbers, or that nobody has asked, as not covered, too. So
    there is no silence. In the order of the sources' names.
    """
    wanted = list(dict.fromkeys(identifiers))
    rows = await _about(session, wanted)
    newest: dict[tuple[str, str, str], VehicleEnquiry] = {}
    for row in rows:  # the newest first
        key = (row.source, row.name, row.value)
        if key not in newest or (newest[key].answered_at is None and row.answered_at is not None):
            newest[key] = row
    told = [_told(row, now, sources) for row in newest.values()]
    there = {one.source for one in told}
    silent = [
        _silent(source, wanted, sources)
        for name, source in asked_sources.that_can_be_asked().items()
        if name not in there
    ]
    return sorted([*told, *silent], key=lambda one: one.source)


async def of_case(
    session: ReadSession, case_id: UUID, now: datetime, *, sources: Sequence[str]
) -> list[SourceAnswer]:
    """What was asked for a case, the newest first: findings of the case point at these answers."""
    return await _asked(session, VehicleEnquiry.case_id == case_id, now, sources)


async def of_history(
    session: ReadSession, history_id: UUID, now: datetime, *, sources: Sequence[str]
) -> list[SourceAnswer]:
    """What was asked for an order of a history, the newest first."""
    return await _asked(session, VehicleEnquiry.history_id == history_id, now, sources)


async def _asked(
    session: ReadSession, which: ColumnElement[bool], now: datetime, sources: Sequence[str]
) -> list[SourceAnswer]:
    newest = (
        select(VehicleEnquiry)
        .where(which)
        .order_by(VehicleEnquiry.put_at.desc(), VehicleEnquiry.id.desc())
        .limit(MOST_ENQUIRIES)
    )
    return [_told(row, now, sources) for row in await session.scalars(newest)]


def states_beside(case_id: ColumnElement[UUID]) -> ScalarSelect[Any]:
    """How the blocks of what was asked for a case stand, for a SELECT that has its id; see `states_in`."""
    one = (
        select(VehicleEnquiry.coverage, VehicleEnquiry.answered_at, VehicleEnquiry.due_at)
        .where(VehicleEnquiry.case_id == case_id)
        .limit(MOST_ENQUIRIES)
        .correlate_except(VehicleEnquiry)
        .subquery("enquiry")
    )
    states = case(
        (one.c.answered_at.is_not(None), func.jsonb_path_query_array(one.c.coverage, _STATES)),
        (one.c.due_at.is_not(None), func.jsonb_build_array(CoverageState.RUNNING.value)),
        else_=func.jsonb_build_array(CoverageState.NOT_COVERED.value),
    )
    return select(func.jsonb_agg(states, type_=JSONB)).correlate_except(one).scalar_subquery()


def states_in(said: list[list[str]] | None) -> set[CoverageState]:
    """All together, of what `states_beside` says; empty if nothing was asked."""
    return {CoverageState(state) for states in said or () for state in states}


async def _about(session: ReadSession, wanted: Sequence[Identifier]) -> list[VehicleEnquiry]:
    if not wanted:
        return []
    pairs = sorted({(one.value, one.name) for one in wanted})
    statement = (
        select(VehicleEnquiry)
        .where(tuple_(VehicleEnquiry.value, VehicleEnquiry.name).in_(pairs))
        .order_by(VehicleEnquiry.put_at.desc(), VehicleEnquiry.id.desc())
        .limit(MOST_ENQUIRIES)
    )
    return [*await session.scalars(statement)]


def _told(row: VehicleEnquiry, now: datetime, sources: Sequence[str]) -> SourceAnswer:
    is_asked = row.due_at is not None and row.source in sources
    return SourceAnswer(
        source=row.source,
        about=row.about,
        coverage=tuple(_covered(row, now, is_asked=is_asked)),
        records=[as_json.read(one) for one in row.records],
        enquiry_id=row.id,
        case_id=row.case_id,
        put_at=row.put_at,
        asked_at=row.asked_at,
        asks_again_at=row.due_at if is_asked and row.asking_since is None else None,
        cached=row.cached,
        rejected=len(row.rejects),
    )


def _covered(row: VehicleEnquiry, now: datetime, *, is_asked: bool) -> Iterable[Coverage]:
    if row.answered_at is None:
        source = asked_sources.facts(row.source)
        return _alike(source, *_unanswered(row, now, is_asked=is_asked)) if source else ()
    answered = [coverage_of(row.source, one) for one in row.coverage]
    if is_asked:
        return answered
    # Nobody asks any more, so nothing runs.
    return [
        replace(one, state=CoverageState.FAILED, reason=STILL_RUNNING)
        if one.state is CoverageState.RUNNING
        else one
        for one in answered
    ]


def _unanswered(row: VehicleEnquiry, now: datetime, *, is_asked: bool) -> tuple[CoverageState, str]:
    if row.due_at is None:
        return CoverageState.NOT_COVERED, CASE_OVER
    if not is_asked:
        return CoverageState.NOT_COVERED, NOT_CONFIGURED
    if now > row.gives_up_at:
        return CoverageState.NOT_COVERED, NO_WORKER
    return CoverageState.RUNNING, WAITING


def _silent(source: Facts, wanted: Sequence[Identifier], sources: Sequence[str]) -> SourceAnswer:
    taken = any(asked_sources.takes(source, about) for about in wanted)
    reason = NOT_CONFIGURED if source.name not in sources else NOT_ASKED if taken else NOT_TAKEN
    return SourceAnswer(source.name, None, tuple(_alike(source, CoverageState.NOT_COVERED, reason)))


def _alike(source: Facts, state: CoverageState, reason: str) -> Iterable[Coverage]:
    return (Coverage(source.name, kind, state, reason=reason) for kind in source.covers)
