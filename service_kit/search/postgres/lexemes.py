"""What a document is found by in PostgreSQL: one vector of lexemes, of its names, words, owner and facets.

All that a question asks is then one query of one index, which reads no row that does not answer. A lexeme that is
no word begins with a mark, which no word does. Those of a name are its pieces: a name that has all pieces of what
was typed is looked at once more (`asked`), one that lacks a piece cannot fit.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from service_kit.search.documents import BETWEEN, Document
from service_kit.search.names import runs, skeleton
from service_kit.search.questions import SHORTEST_MISTAKEN, SHORTEST_RUN, NamePattern

MADE_AS: Final = "1"
"""How lexemes are made. A copy that was made otherwise is built anew: whoever changes anything here counts on."""

_WHOLE: Final = "="
_BEGINNING: Final = "^"
_PIECE: Final = "#"
_NEARLY: Final = "~"
_OWNER: Final = "@"
_FACET: Final = "/"
_TIME: Final = ">"
_NOBODY: Final = "!"
# The length of most ends that people remember, and so of which the fewest names have each.
_LONG: Final = 4
_SHORT: Final = SHORTEST_RUN
_LONGEST_BEGINNING: Final = 2
# More of them cost more than they rule out.
_MOST_PIECES: Final = 5
_DIGEST: Final = 5
# What is earlier or later counts as of the first or the last of these years.
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2100
_YEARS: Final = 10
_MONTHS: Final = 12


def of_document(document: Document) -> list[str]:
    """The lexemes of all that is not text."""
    lexemes = {owner_lexeme(document.owner), *_of_time(document.at)}
    lexemes.update(facet_lexeme(name, one) for name, values in document.facets.items() for one in values)
    for name in document.names:
        lexemes.update(_of_key(name.key))
    return sorted(lexemes)


def _of_time(at: datetime) -> set[str]:
    year, month = _month(at)
    return {f"{_TIME}{year // _YEARS}", f"{_TIME}{year}", f"{_TIME}{year}-{month}"}


def of_times(since: datetime | None, until: datetime | None) -> list[str]:
    """Documents of this time have one of these each, and so do some others; there is none if all are meant.

    They are few: decades, years and months.
    """
    if since is None and until is None:
        return []
    first = (_FIRST_YEAR, 1) if since is None else _month(since)
    last = (_LAST_YEAR, _MONTHS) if until is None else _month(until)
    whole_years = set(range(first[0] + 1, last[0]))
    decades = {year // _YEARS for year in whole_years}
    whole = {one for one in decades if whole_years.issuperset(range(one * _YEARS, (one + 1) * _YEARS))}
    months = [(year, month) for year in {first[0], last[0]} for month in range(1, _MONTHS + 1)]
    return [
        *(f"{_TIME}{decade}" for decade in whole),
        *(f"{_TIME}{year}" for year in whole_years if year // _YEARS not in whole),
        *(f"{_TIME}{year}-{month}" for year, month in months if first <= (year, month) <= last),
    ]


def _month(at: datetime) -> tuple[int, int]:
    at = at.astimezone(UTC)
    if at.year < _FIRST_YEAR:
        return _FIRST_YEAR, 1
    return (at.year, at.month) if at.year <= _LAST_YEAR else (_LAST_YEAR, _MONTHS)


def owner_lexeme(owner: str) -> str:
    return _OWNER + owner


def facet_lexeme(name: str, value: str) -> str:
    return f"{_FACET}{name}{BETWEEN}{value}"


def whole(key: str) -> str:
    return _WHOLE + key


def nearly(key: str) -> set[str]:
    """Of two keys that are one mistake away from each other at least one of these is the same."""
    plain = skeleton(key)
    ways = {plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))}
    return {_NEARLY + b64encode(blake2b(way.encode(), digest_size=_DIGEST).digest()).decode() for way in ways}


def _of_key(key: str) -> Iterator[str]:
    yield whole(key)
    for length in range(1, _LONGEST_BEGINNING + 1):
        yield _BEGINNING + key[:length]
    for length in (_SHORT, _LONG):
        yield from (_PIECE + key[at : at + length] for at in range(len(key) - length + 1))
    if len(key) >= SHORTEST_MISTAKEN - 1:
        yield from nearly(key)


def pieces(pattern: NamePattern) -> list[tuple[str, str]]:
    """The lexemes of a name that is spelled so or has it inside, each with what stands in the name then."""
    first, *others = runs(pattern.key)
    found: dict[str, str] = {}
    if first and (others or len(first) <= _LONGEST_BEGINNING):
        beginning = first[:_LONGEST_BEGINNING]
        found[_BEGINNING + beginning] = f":{beginning}"
    for run in (first, *others):
        length = _LONG if len(run) >= _LONG else _SHORT
        starts = range(len(run) - length + 1)
        step = max(1, -(-len(starts) // _MOST_PIECES))
        for at in {*starts[::step], *starts[-1:]}:
            piece = run[at : at + length]
            found[_PIECE + piece] = piece
    return sorted(found.items())


def any_of(lexemes: Iterable[str]) -> str:
    """A query, in the text of a tsquery, for what has one of these lexemes; for nothing if there is none."""
    return " | ".join(map(_quoted, sorted(lexemes))) or _quoted(_NOBODY)


def all_of(lexemes: Iterable[str]) -> str:
    """A query for what has all of these lexemes, of which there is one at least."""
    return " & ".join(map(_quoted, sorted(lexemes)))


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
