"""A question of somebody at the desk: what they typed, what they chose beside it, and where its pages go on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bpa_service.cases.looking.queries import Exactly
from bpa_service.search.documents import OWNER, Facet
from service_kit.search.asking import question as asking
from service_kit.search.asking.question import Asked
from service_kit.search.questions import NamePattern, Question, Term
from service_kit.search.showing.pages import After, cursor_of, read_cursor

_NUMBER_OF_CASE: Final = re.compile(r"([A-Z]{1,3})(\d{1,18})", re.ASCII)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked: as it was typed, and what was chosen beside it. The days are whole ones."""

    typed: str
    facets: Mapping[Facet, frozenset[str]] = field(default_factory=dict[Facet, frozenset[str]])
    since: date | None = None
    until: date | None = None
    counting: bool = False

    def read(self, zone: ZoneInfo, now: datetime) -> "Read":
        """`now` says which day yesterday was."""
        asked = asking.read(self.typed, today=now.astimezone(zone).date())
        since = max((day for day in (self.since, asked.since) if day), default=None)
        until = min((day for day in (self.until, asked.until) if day), default=None)
        question = Question(
            owner=OWNER,
            terms=asked.terms,
            facets={name.value: values for name, values in self.facets.items()},
            since=since and _midnight(since, zone),
            until=until and _midnight(until + _DAY if until < date.max else until, zone),
            counting=tuple(Facet) if self.counting else (),
        )
        return Read(asked, question)

    def after(self, cursor: str | None) -> After | None:
        """Where the page begins. Raises BadCursor, also for that of another question."""
        return read_cursor(cursor, self._asked())

    def cursor(self, after: After) -> str:
        return cursor_of(after, self._asked())

    def _asked(self) -> str:
        facets = sorted((name, sorted(values)) for name, values in self.facets.items())
        return repr((self.typed, facets, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Read:
    """What was asked, as it was understood and as an index is asked."""

    asked: Asked
    question: Question

    def exactly(self) -> Exactly | None:
        """The numbers that are meant, if it is about one number and nothing else; None if it is not."""
        terms = self.question.terms
        return _exactly(terms) if len(terms) == 1 else None

    def exactly_any(self) -> Exactly | None:
        """The numbers that are meant among what else is asked; None if it is about no words and no numbers."""
        return _exactly(self.question.terms) if self.question.terms else None


def _exactly(terms: tuple[Term, ...]) -> Exactly:
    names = [one for term in terms for one in term.alternatives if isinstance(one, NamePattern)]
    keys = {name.key for name in names if not name.is_pattern}
    found = (_NUMBER_OF_CASE.fullmatch(key) for key in keys)
    return Exactly(keys=keys, numbers={f"{one[1]}-{one[2]}" for one in found if one})


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
