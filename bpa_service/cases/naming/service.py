"""Putting down what a car is called, and which other cases share a name with it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select

from bpa_service.cases.core.acting import Acting
from bpa_service.cases.naming import queries
from bpa_service.cases.naming.domain import Name, NameKind, NameSource, has_other_plate
from bpa_service.cases.naming.models import CarName, SameCar
from bpa_service.db.tables import AUDIENCE
from service_kit import live
from service_kit.db import Session

CALLED: Final = "case.car_called"
"""The kind of the live hint about a case that another one shares a name with, since now or no more."""

# In the order of the numbers that are locked, whoever locks them, so that nobody waits in a circle.
_LOCK: Final = """
SELECT pg_advisory_xact_lock(number)
FROM (SELECT DISTINCT hashtextextended(key, 0) AS number FROM unnest($1::text[]) AS key ORDER BY 1) AS in_order
"""


async def begin(acting: Acting, case_id: UUID, names: Sequence[Name]) -> None:
    """Put down what a new case says, and which others say the same."""
    await _lock(acting.session, names)
    _add(acting.session, case_id, names)
    await _compare(acting, case_id, names)


async def read_anew(acting: Acting, case_id: UUID, names: Sequence[Name]) -> None:
    """Let these be all that experts read off the photos of a case, which is locked."""
    session = acting.session
    before = await queries.of_case(session, case_id)
    if {name for name in before if name.source is NameSource.READING} == set(names):
        return
    told = [name for name in before if name.source is NameSource.CLAIM]
    await _lock(session, (*before, *names))
    await _tell_of_others(acting, case_id)
    await session.execute(
        delete(CarName).where(CarName.case_id == case_id, CarName.source == NameSource.READING)
    )
    await _part(session, case_id)
    _add(session, case_id, names)
    await _compare(acting, case_id, (*told, *names))


async def forget(acting: Acting, case_id: UUID) -> None:
    """Let nothing be left of what the car of a case, which is locked, was called."""
    session = acting.session
    await _lock(session, await queries.of_case(session, case_id))
    await _tell_of_others(acting, case_id)
    await session.execute(delete(CarName).where(CarName.case_id == case_id))
    await _part(session, case_id)


async def _lock(session: Session, names: Iterable[Name]) -> None:
    """Let no other case get one of these names meanwhile: of two at once neither would see the other."""
    keys = [f"car called {name.kind} {name.key}" for name in names]
    if keys:
        await session.fetch(_LOCK, keys)


def _add(session: Session, case_id: UUID, names: Iterable[Name]) -> None:
    session.add_all(
        CarName(
            case_id=case_id,
            kind=name.kind,
            key=name.key,
            source=name.source,
            said_at=name.said_at,
            evidence_id=name.evidence_id,
        )
        for name in names
    )


async def _compare(acting: Acting, case_id: UUID, names: Sequence[Name]) -> None:
    """Note which cases share one of the names, on both sides, and tell those who look at them."""
    session = acting.session
    shared = await queries.sharing(session, case_id, names)
    if not shared:
        return
    theirs = await queries.of_cases(session, {other_id for other_id, _ in shared})
    for other_id, kind in sorted(shared):
        differs = kind is NameKind.NUMBER and has_other_plate(names, theirs[other_id])
        session.add_all(
            SameCar(case_id=one, other_id=other, kind=kind, other_plate=differs)
            for one, other in ((case_id, other_id), (other_id, case_id))
        )
    _tell(session, {other_id for other_id, _ in shared})


async def _part(session: Session, case_id: UUID) -> None:
    await session.execute(delete(SameCar).where(or_(SameCar.case_id == case_id, SameCar.other_id == case_id)))


async def _tell_of_others(acting: Acting, case_id: UUID) -> None:
    found = await acting.session.scalars(select(SameCar.other_id).where(SameCar.case_id == case_id))
    _tell(acting.session, set(found))


def _tell(session: Session, case_ids: Collection[UUID]) -> None:
    for case_id in sorted(case_ids):
        live.announce(session, audience=AUDIENCE, kind=CALLED, subject_id=case_id)
