"""What of a case answers a question: its names are compared here, its texts by PostgreSQL, as they are now.

So it is the same whichever engine found the case, and never of yesterday.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from service_kit.db import ReadSession
from service_kit.search.documents import Document, Name, NameKind, TextField
from service_kit.search.names import fit
from service_kit.search.questions import ANY, ONE, Fit, NamePattern, Term, Words

log = structlog.get_logger(__name__)

_OPEN: Final = "\ue000"
_SHUT: Final = "\ue001"
"""No letters, no digits and no spaces; of private use, so that no text is known to have them."""
_HEADLINES: Final = f"""
SELECT said.place, ts_headline('search_words', said.text, to_tsquery('search_words', said.query),
    'StartSel={_OPEN},StopSel={_SHUT},MaxFragments=1,MaxWords=24,MinWords=8,ShortWord=0') AS headline
FROM unnest($1::int[], $2::text[], $3::text[]) AS said (place, text, query)
WHERE to_tsvector('search_words', said.text) @@ to_tsquery('search_words', said.query)
"""  # noqa: S608 - our own words
_MOST_READ: Final = 4000
"""Characters of a text in which words are marked: enough to say what it is found by."""
_MOST_NAMES: Final = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A name or a text of a document; `marks`, each [start, end), say what of it answers."""

    what: NameKind | TextField
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """By what a case answers, and how well: of several things that are asked the worst."""

    fit: Fit
    matches: tuple[Match, ...]


async def answers(
    session: ReadSession, documents: Sequence[Document], terms: Sequence[Term], *, within: float
) -> Mapping[UUID, Answers]:
    """What of each document answers. Texts are left out where to find them takes longer than so many seconds."""
    said = await _headlines(session, documents, terms, within)
    return {
        document.id: Answers(
            min((_best(document, term) for term in terms), default=Fit.WORD),
            (*_named(document, terms), *said[document.id]),
        )
        for document in documents
    }


def _best(document: Document, term: Term) -> Fit:
    fits = (found for pattern in _patterns([term]) for _, found in _fitting(document, pattern))
    return max(fits, default=Fit.WORD)


def _named(document: Document, terms: Sequence[Term]) -> tuple[Match, ...]:
    """The names that fit, the best of each first; of those that fit worse than another one none."""
    found: dict[Name, Match] = {}
    for term in terms:
        best = _best(document, term)
        for pattern in _patterns([term]):
            for name, how in _fitting(document, pattern):
                if how is best:
                    match = Match(name.kind, name.key, marks(pattern, name.key, how))
                    found.setdefault(name, match)
    return tuple(found.values())[:_MOST_NAMES]


def _patterns(terms: Iterable[Term]) -> Iterator[NamePattern]:
    return (one for term in terms for one in term.alternatives if isinstance(one, NamePattern))


def _fitting(document: Document, pattern: NamePattern) -> Iterator[tuple[Name, Fit]]:
    for name in sorted(document.names):
        if (not pattern.kinds or name.kind in pattern.kinds) and (found := fit(pattern, name.key)):
            yield name, found


def marks(pattern: NamePattern, key: str, how: Fit) -> tuple[tuple[int, int], ...]:
    """Which characters of a name answer the pattern that it fits so."""
    if pattern.is_pattern:
        return tuple(_runs(pattern.key, key))
    if how in {Fit.END, Fit.PART}:
        begin = 0 if key.startswith(pattern.key) else key.rindex(pattern.key)
        return ((begin, begin + len(pattern.key)),)
    return ((0, len(key)),)


def _runs(pattern: str, key: str) -> Iterator[tuple[int, int]]:
    """Where what stands between the stars of a pattern is found in a name that it fits."""
    *first, last = pattern.split(ANY)
    at = 0
    for place, run in enumerate(first):
        while place > 0 and not _stands(run, key, at):
            at += 1
        if run:
            yield at, at + len(run)
        at += len(run)
    if last:
        yield len(key) - len(last), len(key)


def _stands(run: str, key: str, at: int) -> bool:
    return all(one in {ONE, other} for one, other in zip(run, key[at : at + len(run)], strict=True))


async def _headlines(
    session: ReadSession, documents: Sequence[Document], terms: Sequence[Term], within: float
) -> Mapping[UUID, list[Match]]:
    """The texts in which words are found that were asked for, each where it is found. One statement for all."""
    found: dict[UUID, list[Match]] = {document.id: [] for document in documents}
    queries = {field: query for field in TextField if (query := _query(terms, field))}
    texts = [
        (document.id, field, document.texts[field][:_MOST_READ])
        for document in documents
        for field in queries
        if document.texts.get(field)
    ]
    if not texts:
        return found
    places, plain = list(range(len(texts))), [_as_words(text) for _, _, text in texts]
    asked = [queries[field] for _, field, _ in texts]
    rows = await session.fetch_within(within, _HEADLINES, places, plain, asked)
    if rows is None:
        log.warning("search_marks_left_out", texts=len(texts))
    for row in rows or ():
        place: int = row["place"]
        document_id, field, text = texts[place]
        if match := _match(field, text, plain[place], row["headline"]):
            found[document_id].append(match)
    return found


def _query(terms: Sequence[Term], field: TextField) -> str:
    """What is looked for in the texts of this field, in PostgreSQL's language. Words are letters and digits."""
    asked = (one for term in terms for one in term.alternatives if isinstance(one, Words))
    here = (one for one in asked if not one.fields or field in one.fields)
    return " | ".join(
        f"({' <-> '.join(one.words)}{':*' if one.is_begun else ''})" for one in dict.fromkeys(here)
    )


def _as_words(text: str) -> str:
    """A text of the same length in which nothing but words is left, as an index is given it."""
    plain = text.replace("ё", "е").replace("Ё", "Е")
    return "".join(c if c.isalnum() else " " for c in plain)


def _match(field: TextField, text: str, plain: str, headline: str) -> Match | None:
    parts = headline.replace(_SHUT, _OPEN).split(_OPEN)
    begin = plain.find("".join(parts))
    if begin < 0 or len(parts) == 1:
        return None
    # Every other part stands between marks.
    lengths = [0]
    for part in parts:
        lengths.append(lengths[-1] + len(part))
    end = begin + lengths[-1]
    first, last = _word_from(text, begin), _word_to(text, end)
    shift = begin - first
    ends = tuple((lengths[place] + shift, lengths[place + 1] + shift) for place in range(1, len(parts), 2))
    return Match(field, text[first:last], ends)


def _word_from(text: str, at: int) -> int:
    """Where that begins which nothing divides from what stands here: an opening quote, say."""
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return at


def _word_to(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return at
