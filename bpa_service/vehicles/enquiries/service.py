"""Putting questions down, and no longer asking them. Who asks is `running`."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert

from bpa_service.db.tables import outbox
from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from bpa_service.vehicles.enquiries.work import AskSource
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Identifier
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.records import CoverageState

GOES_ON_FOR: Final = timedelta(minutes=15)
"""So long a question is put again whose answer is incomplete or has failed: a case has 20 minutes."""


class Occasion(NamedTuple):
    """What is asked for: a case, or an order of a history."""

    case_id: UUID | None = None
    history_id: UUID | None = None

    @property
    def rows(self) -> ColumnElement[bool]:
        """The questions that were put for it."""
        if self.case_id is not None:
            return VehicleEnquiry.case_id == self.case_id
        return VehicleEnquiry.history_id == self.history_id


async def put_down(
    session: Session,
    occasion: Occasion,
    identifiers: Iterable[Identifier],
    sources: Sequence[str],
    *,
    now: datetime,
    fresh: bool = False,
    goes_on_for: timedelta = GOES_ON_FOR,
) -> list[str]:
    """Have each of these sources asked by each of the numbers that it takes, some time soon.

    A question of a case that is open already is not put twice. Returns the names of the sources that were asked
    now. With `fresh` the source itself is asked, whatever was answered before.
    """
    # Only here: whoever asks nobody does without the mappings.
    from bpa_service.vehicles.enquiries import asked_sources

    known = [found for name in sources if (found := asked_sources.facts(name)) is not None]
    questions = [(one, about) for one in known for about in identifiers if asked_sources.takes(one, about)]
    if not questions:
        return []
    rows = [
        {
            "id": new_id(),
            "case_id": occasion.case_id,
            "history_id": occasion.history_id,
            "source": source.name,
            "name": about.name,
            "value": about.value,
            "country": about.country,
            "put_at": now,
            "gives_up_at": now + goes_on_for,
            "fresh": fresh,
            "due_at": now,
            "tries": 0,
        }
        for source, about in questions
    ]
    statement = insert(VehicleEnquiry).values(rows).on_conflict_do_nothing().returning(VehicleEnquiry.source)
    put = sorted(set(await session.scalars(statement)))
    for name in put:
        await outbox.enqueue(session, AskSource(source=name), now=now)
    return put


async def put_down_failed(
    session: Session, occasion: Occasion, about: Identifier, source: str, *, now: datetime
) -> None:
    """Put down that a source was asked and gave no answer. Nobody asks it: in a sandbox all is played."""
    from bpa_service.vehicles.enquiries import asked_sources
    from bpa_service.vehicles.enquiries.answers import written

    facts = asked_sources.facts(source)
    if facts is None:
        raise LookupError(f"{source} cannot be asked")
    failed = [
        written(Coverage(source, kind, CoverageState.FAILED, now, reason="unavailable"))
        for kind in facts.covers
    ]
    session.add(
        VehicleEnquiry(
            id=new_id(),
            case_id=occasion.case_id,
            history_id=occasion.history_id,
            source=source,
            name=about.name,
            value=about.value,
            country=about.country,
            put_at=now,
            gives_up_at=now,
            fresh=True,
            tries=1,
            answered_at=now,
            asked_at=now,
            coverage=failed,
            records=[],
            rejects=[],
        )
    )


async def stop(session: Session, occasion: Occasion) -> None:
    """Ask no more for it; what was answered stays."""
    is_open = (occasion.rows, VehicleEnquiry.due_at.is_not(None))
    await session.execute(update(VehicleEnquiry).where(*is_open).values(due_at=None, asking_since=None))


async def forget(session: Session, occasion: Occasion) -> None:
    """Delete what was asked and answered for it."""
    await session.execute(delete(VehicleEnquiry).where(occasion.rows))
