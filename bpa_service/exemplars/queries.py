"""Searching the exemplars. A few thousand, kept by hand: what no index serves is scanned, in milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from bpa_service.exemplars.models import Exemplar, ExemplarPicture
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound
from service_kit.paging import Page
from shared_schemas.words import Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemplarFilter:
    """Which exemplars are asked for; None does not filter.

    One whose first or last year is not known is of every year before or after. `text` may stand anywhere in make,
    model, plant, note or a tag; it and `make` are compared without regard to case.
    """

    make: str | None = None
    marking: Shot | None = None
    year: int | None = None
    tag: str | None = None
    text: str | None = None
    include_retired: bool = False


def make_key(make: str) -> str:
    """A make as it is compared."""
    return make.casefold()


async def exemplars(session: ReadSession, wanted: ExemplarFilter, page: Page) -> Sequence[Exemplar]:
    """The newest first; one more than the page holds, if there is one. Its key is `added_at`, `id`."""
    place = tuple_(Exemplar.added_at, Exemplar.id)
    statement = (
        select(Exemplar)
        .where(*_conditions(wanted))
        .order_by(Exemplar.added_at.desc(), Exemplar.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        statement = statement.where(place < page.after)
    return (await session.scalars(statement)).all()


async def exemplar(session: ReadSession, exemplar_id: UUID) -> Exemplar:
    """One, also a retired one. Raises NotFound."""
    found = await session.get(Exemplar, exemplar_id)
    if found is None:
        raise NotFound
    return found


async def picture(session: ReadSession, exemplar_id: UUID) -> bytes:
    """The JPEG. Raises NotFound."""
    found = await session.scalar(
        select(ExemplarPicture.content).where(ExemplarPicture.exemplar_id == exemplar_id)
    )
    if found is None:
        raise NotFound
    return found


def _conditions(wanted: ExemplarFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.make is not None:
        found.append(Exemplar.make_key == make_key(wanted.make))
    if wanted.marking is not None:
        found.append(Exemplar.marking == wanted.marking)
    if wanted.year is not None:
        found.append(or_(Exemplar.year_from.is_(None), Exemplar.year_from <= wanted.year))
        found.append(or_(Exemplar.year_to.is_(None), Exemplar.year_to >= wanted.year))
    if wanted.tag is not None:
        found.append(func.coalesce(func.array_position(Exemplar.tags, wanted.tag), 0) > 0)
    if wanted.text is not None:
        tags = func.array_to_string(Exemplar.tags, "\n")
        found.append(
            or_(
                *(
                    column.icontains(wanted.text, autoescape=True)
                    for column in (Exemplar.make, Exemplar.model, Exemplar.plant, Exemplar.note, tags)
                )
            )
        )
    if not wanted.include_retired:
        found.append(Exemplar.retired_at.is_(None))
    return found
