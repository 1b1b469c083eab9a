"""Answering a question. What is exactly known is read from the tables: it is right whatever an index does.

The index is asked for places alone; what is shown is read by the rights of whoever asks. A case with exactly the
number that is asked for stands where the tables say, and is left out where the index has it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.looking import queries as looking
from bpa_service.cases.looking.queries import Exactly, Opened
from bpa_service.experts import queries as experts
from bpa_service.search.documents import Cases, Facet
from bpa_service.search.questions import Read, Wanted
from bpa_service.search.schemas import (
    BehindOut,
    BuildingOut,
    CaseFound,
    ComparedOut,
    CountOut,
    FoundOut,
    FoundPage,
    SearchStateOut,
)
from service_kit.db import ReadSession, Scope
from service_kit.search.documents import Document
from service_kit.search.engines import engine_of
from service_kit.search.keeping import state as states
from service_kit.search.questions import MOST_COUNTED, Answer, Fit, Place, Question
from service_kit.search.showing import matching
from service_kit.search.showing.pages import After, Shown, merged
from service_kit.search.showing.patience import ask
from service_kit.search.showing.schemas import FitOut, MatchOut, Part, UnderstoodOut

_AT_ONCE: Final = 100
_MOST_LOOKED_THROUGH: Final = 1_000
"""Of all cases, for what is chosen of their facets: then it is for the next page to go on."""
_NOTHING: Final = Answer(hits=(), total=0, counts={})


async def page(
    ports: ApiPorts,
    scope: Scope,
    zone: ZoneInfo,
    now: datetime,
    wanted: Wanted,
    *,
    whose: str,
    cursor: str | None,
    limit: int,
) -> FoundPage:
    """The cases that answer, as far as `scope` sees them. `whose` question it is. Raises BadCursor."""
    after = wanted.after(cursor)
    read = wanted.read(zone, now)
    asked = await ask(ports.search, read.question, whose=whose, after=after, limit=limit)
    async with ports.backbone.database.reading(scope) as session:
        shown, exact = await _shown(session, read, asked.answer, after, limit)
        items = await _items(session, read, shown.places, exact, within=asked.time_left())
        answer = asked.answer or _NOTHING
        total = max(answer.total, len(shown.places))
        next_after = shown.more_after and After(shown.more_after, is_exact=asked.answer is None)
        return FoundPage(
            items=items,
            next_cursor=next_after and wanted.cursor(next_after),
            total=total,
            more_than_total=total >= MOST_COUNTED
            or (answer.total <= len(shown.places) and shown.more_after is not None),
            counts=await _counts(session, answer) if wanted.counting and asked.answer else None,
            understood=UnderstoodOut.all_of(read.asked),
            limited=await asked.limited(session),
        )


async def state(ports: ApiPorts, scope: Scope) -> SearchStateOut:
    """How the index does."""
    async with ports.backbone.database.reading(scope) as session:
        found = await states.state(session)
    compared, building = found.compared, found.building
    return SearchStateOut(
        engine=engine_of(ports.settings),
        live_copy=found.live,
        documents=compared and compared.documents,
        refused=found.refused,
        behind=BehindOut(changes=found.waiting, seconds=int(found.behind.total_seconds())),
        building=building
        and BuildingOut(copy_number=building.copy, done=building.done, about=building.about),
        compared=compared
        and ComparedOut(at=compared.at, compared=compared.documents, mended=compared.differences),
    )


async def _shown(
    session: ReadSession, read: Read, answer: Answer | None, after: After | None, limit: int
) -> tuple[Shown, Collection[UUID]]:
    """The places of a page: those of the index, and those that the tables know, and which these are."""
    exactly = read.exactly_any() if answer is None else read.exactly()
    hits = [hit.place for hit in answer.hits] if answer else []
    if answer is not None and not exactly:
        return merged(hits, (), named=(), limit=limit), ()
    opened: list[Opened] = []
    stopped: Opened | None = None
    is_about_none = exactly is not None and not exactly
    if answer is None and after and not after.is_exact and len(read.question.terms) > 1:
        # Where they would stand in the order of an index that went away nobody knows: all of them once more.
        after = None
    if not is_about_none and (exactly is None or after is None or after.place.fit >= Fit.WHOLE):
        begin = after and Opened(after.place.at, after.place.id)
        opened, stopped = await _opened(session, read.question, exactly, begin, limit + 1)
    named = {place.id for place in hits}
    if exactly and named:
        named = await looking.named_among(session, exactly, named)
    exact = [Place(Fit.WHOLE, one.at, one.id) for one in opened]
    shown = merged(hits, exact, named=named, limit=limit)
    if stopped:
        shown = Shown(shown.places, Place(Fit.WHOLE, stopped.at, stopped.id))
    return shown, {one.id for one in opened}


async def _opened(
    session: ReadSession, question: Question, exactly: Exactly | None, after: Opened | None, limit: int
) -> tuple[list[Opened], Opened | None]:
    """Cases that are exactly known and have what is chosen of the facets, and the one after which to read on.

    None where nothing is left, or `limit` of them are found. An index knows their facets, but of another moment.
    """
    found: list[Opened] = []
    looked_through = 0
    size = max(limit, _AT_ONCE) if question.facets else limit
    while True:
        some = await looking.newest(
            session, exactly, since=question.since, until=question.until, after=after, limit=size
        )
        if not question.facets:
            return some, None
        documents = await _documents(session, [one.id for one in some])
        found += [one for one in some if _has(documents.get(one.id), question.facets)]
        if len(found) >= limit or len(some) < size:
            return found[:limit], None
        after = some[-1]
        looked_through += size
        if exactly is None and looked_through >= _MOST_LOOKED_THROUGH:
            return found, after


async def _documents(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, Document]:
    changes = await Cases().documents(session, dict.fromkeys(ids, 0))
    return {one.id: one for one in changes if isinstance(one, Document)}


async def _items(
    session: ReadSession, read: Read, places: Sequence[Place], exact: Collection[UUID], *, within: float
) -> list[FoundOut]:
    ids = [place.id for place in places]
    if not ids:
        return []
    rows = await looking.in_short(session, ids)
    documents = await _documents(session, ids)
    answers = await matching.answers(session, list(documents.values()), read.question.terms, within=within)
    items: list[FoundOut] = []
    for place in places:
        if place.id not in rows:
            continue
        found = answers.get(place.id)
        fit = found.fit if found and place.id not in exact else Fit.WHOLE
        items.append(
            FoundOut(
                case=CaseFound.as_found(rows[place.id]),
                fit=FitOut.of(fit) if read.question.terms else None,
                matched=[
                    MatchOut(what=Part(one.what), text=one.text, marks=list(one.marks))
                    for one in (found.matches if found else ())
                ],
            )
        )
    return items


def _has(document: Document | None, facets: Mapping[str, frozenset[str]]) -> bool:
    return document is not None and all(
        document.facets.get(name, frozenset()) & values for name, values in facets.items()
    )


async def _counts(session: ReadSession, answer: Answer) -> dict[Facet, list[CountOut]]:
    labels = await _labels(session, [value for value, _ in answer.counts.get(Facet.EXPERT, ())])
    return {
        name: [
            CountOut(value=value, label=labels.get(value) if name is Facet.EXPERT else None, count=count)
            for value, count in answer.counts.get(name.value, ())
        ]
        for name in Facet
    }


async def _labels(session: ReadSession, ids: Collection[str]) -> Mapping[str, str]:
    names = await experts.names(session, {UUID(one) for one in ids}) if ids else {}
    return {str(expert_id): name for expert_id, name in names.items()}
