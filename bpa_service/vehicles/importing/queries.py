"""Reading imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.states import SHOWN, ImportState
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound
from service_kit.paging import Page

_AT_WORK = (ImportState.RUNNING, ImportState.UNDOING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFilter:
    """Which imports are asked for; None does not filter."""

    source: str | None = None
    state: ImportState | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source stands: what it delivered last, what is being done with it, and how many files wait."""

    published: ImportRun | None = None
    at_work: ImportRun | None = None
    next: ImportRun | None = None
    waiting: int = 0


async def recent(session: ReadSession, *, most: int) -> list[ImportRun]:
    """The newest runs first."""
    begun = select(ImportRun).where(ImportRun.started_at.is_not(None))
    return [*await session.scalars(begun.order_by(ImportRun.number.desc()).limit(most))]


async def imports(session: ReadSession, wanted: ImportFilter, page: Page) -> Sequence[ImportRun]:
    """The last to come first; one more than the page holds, if there is one. The key is `id`."""
    statement = select(ImportRun).order_by(ImportRun.id.desc()).limit(page.limit + 1)
    if wanted.source is not None:
        statement = statement.where(ImportRun.source == wanted.source)
    if wanted.state is not None:
        statement = statement.where(ImportRun.state == wanted.state)
    if page.after is not None:
        statement = statement.where(ImportRun.id < page.after[0])
    return (await session.scalars(statement)).all()


async def one(session: ReadSession, import_id: UUID) -> ImportRun:
    """Raises NotFound."""
    if (found := await session.get(ImportRun, import_id)) is None:
        raise NotFound
    return found


async def newest(session: ReadSession, of: Sequence[ImportRun]) -> set[UUID]:
    """Those of them that may be undone: nothing that holds builds on them, and their source is free."""
    later = aliased(ImportRun)
    builds = and_(later.number > ImportRun.number, later.state.in_(SHOWN))
    in_the_way = exists().where(later.source == ImportRun.source, or_(builds, later.state.in_(_AT_WORK)))
    found = await session.scalars(
        select(ImportRun.id).where(
            ImportRun.id.in_([run.id for run in of]),
            ImportRun.state == ImportState.PUBLISHED,
            ~in_the_way,
        )
    )
    return set(found)


async def standings(session: ReadSession) -> dict[str, Standing]:
    """By source, of those of which something has come."""
    published = await _first_of_each(
        session, select(func.max(ImportRun.number)).where(ImportRun.state == ImportState.PUBLISHED)
    )
    first = func.min(ImportRun.number)
    waits = ImportRun.state == ImportState.WAITING
    following = await _first_of_each(session, select(first).where(waits))
    at_work = {
        run.source: run
        for run in await session.scalars(
            select(ImportRun).where(ImportRun.state.in_(_AT_WORK)).order_by(ImportRun.state)
        )
    }
    counted = await session.execute(
        select(ImportRun.source, func.count().label("waiting")).where(waits).group_by(ImportRun.source)
    )
    waiting = {row.source: row.waiting for row in counted}
    return {
        source: Standing(
            published.get(source), at_work.get(source), following.get(source), waiting.get(source, 0)
        )
        for source in {*published, *following, *at_work}
    }


async def _first_of_each(session: ReadSession, number: Select[int]) -> dict[str, ImportRun]:
    """By source, the run whose number it is in each source."""
    numbers = number.group_by(ImportRun.source)
    runs = await session.scalars(select(ImportRun).where(ImportRun.number.in_(numbers)))
    return {run.source: run for run in runs}


async def published(session: ReadSession) -> dict[str, datetime]:
    """The sources of which an import is published, with when the newest of what they brought stood so."""
    told = select(ImportRun.source, func.max(ImportRun.as_of)).group_by(ImportRun.source)
    found = await session.execute(told.where(ImportRun.state == ImportState.PUBLISHED))
    return dict(found.all())


async def last_change(session: ReadSession) -> datetime | None:
    """When what the store shows changed last; None before the first import."""
    shown = (ImportState.PUBLISHED, ImportState.UNDONE)
    return await session.scalar(select(func.max(ImportRun.ended_at)).where(ImportRun.state.in_(shown)))
