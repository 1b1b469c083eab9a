"""Answering a client's question about what they sent.

An index is asked for places alone: what is shown is read by the client's rights, and numbers that are typed as a
whole are found whatever the index does.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.viewing import queries as viewing
from cabinet_service.inspections.viewing import views
from cabinet_service.search.documents import COMPANY, NO_COMPANY, Inspections
from cabinet_service.search.schemas import InspectionFound, InspectionsFound
from service_kit.db import ReadSession
from service_kit.search.asking import question as asking
from service_kit.search.asking.question import Asked
from service_kit.search.documents import Document
from service_kit.search.questions import MOST_COUNTED, Answer, Fit, NamePattern, Place, Question
from service_kit.search.showing import matching
from service_kit.search.showing.pages import After, cursor_of, merged
from service_kit.search.showing.patience import Answered
from service_kit.search.showing.schemas import FitOut, MatchOut, Part, UnderstoodOut

ZONE: Final = ZoneInfo("Europe/Moscow")
"""Of the days that somebody types."""
_MOST_EXACT: Final = 1_000
"""Nobody sends one car so often."""
_DAY: Final = timedelta(days=1)
_NOTHING: Final = Answer(hits=(), total=0, counts={})


def read(typed: str, client: Client, now: datetime) -> tuple[Asked, Question]:
    """What was asked, as it was understood and as an index is asked.

    What was sent in the name of a company is the client's while they belong to it, as in `viewing.own`.
    """
    asked = asking.read(typed, today=now.astimezone(ZONE).date())
    companies = client.visible_inspections.member_of
    return asked, Question(
        owner=str(client.account_id),
        terms=asked.terms,
        facets={COMPANY: frozenset({NO_COMPANY, *map(str, companies)})},
        since=asked.since and _midnight(asked.since),
        until=asked.until and _midnight(asked.until + _DAY if asked.until < date.max else asked.until),
    )


async def page(
    session: ReadSession,
    client: Client,
    typed: str,
    asked: Asked,
    answered: Answered,
    *,
    after: After | None,
    limit: int,
) -> InspectionsFound:
    """A page of what answers: what is exactly known, then what the index says."""
    answer = answered.answer or _NOTHING
    is_away = answered.answer is None
    named: Mapping[UUID, datetime] = {}
    if keys := _keys(asked, is_any=is_away):
        named = await viewing.own_named(session, keys, client=client, limit=_MOST_EXACT)
    begins = after and after.place
    if after and is_away and not (after.is_exact or _is_about_one(asked)):
        # Where they would stand in the order of an index that went away nobody knows: all of them once more.
        begins = None
    known = [Place(Fit.WHOLE, at, id_) for id_, at in named.items()]
    exact = [place for place in known if begins is None or place < begins]
    shown = merged([hit.place for hit in answer.hits], exact, named=named, limit=limit)
    total = max(answer.total, len(named), len(shown.places))
    return InspectionsFound(
        items=await _items(
            session, client, asked, [place.id for place in shown.places], within=answered.time_left()
        ),
        next_cursor=shown.more_after and cursor_of(After(shown.more_after, is_exact=is_away), typed),
        total=total,
        more_than_total=total >= MOST_COUNTED,
        understood=UnderstoodOut.all_of(asked),
        limited=await answered.limited(session),
    )


async def _items(
    session: ReadSession, client: Client, asked: Asked, ids: Sequence[UUID], *, within: float
) -> list[InspectionFound]:
    rows = await viewing.own(session, ids, client=client)
    standings = await viewing.standings(session, list(rows))
    changes = await Inspections().documents(session, dict.fromkeys(rows, 0))
    documents = [one for one in changes if isinstance(one, Document)]
    answers = await matching.answers(session, documents, asked.terms, within=within)
    return [
        InspectionFound(
            inspection=views.row(rows[one], standings[one]),
            fit=FitOut.of(answers[one].fit if one in answers else Fit.WHOLE) if asked.terms else None,
            matched=[
                MatchOut(what=Part(match.what), text=match.text, marks=list(match.marks))
                for match in (answers[one].matches if one in answers else ())
            ],
        )
        for one in ids
        if one in rows
    ]


def _keys(asked: Asked, *, is_any: bool) -> set[str]:
    """The numbers that are meant: if it is about one of them and nothing else, or any that are typed."""
    if not _is_about_one(asked) and not is_any:
        return set()
    names = (one for term in asked.terms for one in term.alternatives if isinstance(one, NamePattern))
    return {name.key for name in names if not name.is_pattern}


def _is_about_one(asked: Asked) -> bool:
    return len(asked.terms) == 1 and not (asked.since or asked.until)


def _midnight(day: date) -> datetime:
    try:
        return datetime.combine(day, time(), ZONE).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
