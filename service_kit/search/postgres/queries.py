"""A question in SQL: one query of the index of lexemes, and of what it finds how well each term fits.

What comes from a question is a value of the statement, never a part of it.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service_kit.search.asking.findable import findable
from service_kit.search.documents import LONGEST_VALUE, NameKind, TextField
from service_kit.search.names import fit
from service_kit.search.postgres import lexemes
from service_kit.search.postgres.tables import COPIES, DOCUMENTS
from service_kit.search.questions import (
    ANY,
    ONE,
    SHORTEST_MISTAKEN,
    SHORTEST_PART,
    Fit,
    NamePattern,
    Place,
    Question,
    Term,
    Words,
)
from service_kit.search.storable import is_storable

LETTERS: Final[Mapping[NameKind, str]] = {
    NameKind.NUMBER: "n",
    NameKind.PLATE: "p",
    NameKind.ENGINE: "e",
    NameKind.PHONE: "t",
    NameKind.CASE: "c",
}
_NUMBER: Final = re.compile(r"\$(\d+)")
KINDS: Final = {letter: kind for kind, letter in LETTERS.items()}
LIVE: Final = f"(SELECT copy FROM {COPIES} WHERE is_live)"
# Not in a form by which another index than that of the lexemes could be used: how many rows have one of twenty
# lexemes PostgreSQL takes for so many that it would rather look at each row. What was removed has no lexemes.
_HERE: Final = f"copy + 0 = {LIVE}"
_OWNER: Final = "coalesce(owner, '')"
_AT: Final = "coalesce(at, '-infinity')"
_CONFIGURATION: Final = "'search_words'"

Mistaken = Mapping[NamePattern | Words, Collection[str]]
"""The names (`n:KEY`) that are one mistake away from a pattern."""


@dataclass(slots=True)
class Values:
    """The values of a statement; what is added is `$1`, `$2` … in it, until it is `sent`."""

    values: list[Any] = field(default_factory=list[Any])

    def add(self, value: Any, kind: str = "text") -> str:
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    def sent(self, sql: str) -> tuple[str, list[Any]]:
        """The statement with those values only that it uses: PostgreSQL knows no type of another."""
        used = list(dict.fromkeys(int(number) for number in _NUMBER.findall(sql)))
        places = {number: place for place, number in enumerate(used, 1)}
        numbered = _NUMBER.sub(lambda found: f"${places[int(found[1])]}", sql)
        return numbered, [self.values[number - 1] for number in used]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question in which only that is left which something can be found by."""

    owner: str | None
    terms: tuple[Term, ...]
    facets: Mapping[str, Sequence[str]]
    counting: Sequence[str]

    @property
    def patterns(self) -> list[NamePattern]:
        found = (one for term in self.terms for one in term.alternatives if isinstance(one, NamePattern))
        return list(dict.fromkeys(found))


def wanted_of(question: Question) -> Wanted | None:
    """None: nothing can answer."""
    if question.owner is not None and not _is_value(question.owner):
        return None
    terms: list[Term] = []
    for term in question.terms:
        alternatives = tuple(one for each in term.alternatives if (one := findable(each)) is not None)
        if not alternatives:
            return None
        terms.append(Term(alternatives))
    facets = {name: sorted(filter(_is_value, values)) for name, values in question.facets.items()}
    if not all(_is_value(name) and values for name, values in facets.items()):
        return None
    counting = [name for name in question.counting if _is_value(name)]
    return Wanted(question.owner, tuple(terms), facets, counting)


def _is_value(text: str) -> bool:
    return len(text) <= LONGEST_VALUE and is_storable(text)


def names_nearby(wanted: Wanted, *, most: int) -> tuple[str, list[Any]] | None:
    """The statement that gives the `names` of documents in which one may be a mistake away from a pattern."""
    nearby = {lexeme for pattern in _mistakable(wanted.patterns) for lexeme in lexemes.nearly(pattern.key)}
    if not nearby:
        return None
    values = Values()
    query = f"({values.add(lexemes.any_of(nearby), 'tsquery')})"
    where = _found([query], wanted, Question(owner=wanted.owner), values)
    sql = f"SELECT names FROM {DOCUMENTS} WHERE {where} LIMIT {most}"
    return values.sent(sql)


def mistaken_of(wanted: Wanted, names: Iterable[str]) -> Mistaken:
    """Which of the names are one mistake away from each pattern."""
    all_names = {name for one in names for name in one.strip(";").split(";") if name}
    return {
        pattern: sorted(
            name
            for name in all_names
            if _is_of_kind(name, pattern) and fit(pattern, name[2:]) is Fit.MISTAKEN
        )
        for pattern in _mistakable(wanted.patterns)
    }


def _mistakable(patterns: Iterable[NamePattern]) -> list[NamePattern]:
    return [one for one in patterns if not one.is_pattern and len(one.key) >= SHORTEST_MISTAKEN]


def _is_of_kind(name: str, pattern: NamePattern) -> bool:
    return not pattern.kinds or KINDS[name[0]] in pattern.kinds


def matching(question: Question, wanted: Wanted, mistaken: Mistaken, values: Values) -> str:
    """The SELECT of what may answer: `id`, `version`, `at`, `facets`, and `fit`, NULL for what does not."""
    queries: list[str] = []
    fits: list[str] = ["0"]
    for term in wanted.terms:
        alternatives = [_Alternative(one, mistaken.get(one, ()), values) for one in _each(term)]
        queries.append(" || ".join(one.query for one in alternatives))
        fits.append(_fit_of_term(alternatives))
    for name, chosen in wanted.facets.items():
        queries.append(
            values.add(lexemes.any_of(lexemes.facet_lexeme(name, one) for one in chosen), "tsquery")
        )
    where = _found(queries, wanted, question, values) if queries else newest(wanted, question, values)
    fit_of_all = " + ".join(fits)
    return f"SELECT id, version, at, facets, {fit_of_all} AS fit FROM {DOCUMENTS} WHERE {where}"


def newest(wanted: Wanted, question: Question, values: Values) -> str:
    """The condition of what there is of this owner and this time, in the order of time."""
    where = [f"copy = {LIVE} AND at IS NOT NULL", *_times(question, "at", values)]
    if wanted.owner is not None:
        where.append(_of(wanted.owner, "owner", values))
    return " AND ".join(where)


def _found(queries: Sequence[str], wanted: Wanted, question: Question, values: Values) -> str:
    """The condition of what the index of lexemes has for all the queries, of this owner and this time."""
    where = [_HERE, *_times(question, _AT, values)]
    queries = list(queries)
    if wanted.owner is not None:
        where.append(_of(wanted.owner, _OWNER, values))
        queries.append(values.add(lexemes.all_of([lexemes.owner_lexeme(wanted.owner)]), "tsquery"))
    if times := lexemes.of_times(question.since, question.until):
        queries.append(values.add(lexemes.any_of(times), "tsquery"))
    where.append(f"lexemes @@ ({' && '.join(f'({one})' for one in queries)})")
    return " AND ".join(where)


def _of(owner: str, column: str, values: Values) -> str:
    """What leaves out all that belongs to others, whatever the index says."""
    return f"{column} = {values.add(owner)}"


def _times(question: Question, column: str, values: Values) -> list[str]:
    bounds = ((question.since, ">="), (question.until, "<"))
    return [f"{column} {how} {values.add(at, 'timestamptz')}" for at, how in bounds if at is not None]


def _each(term: Term) -> list[NamePattern | Words]:
    return list(dict.fromkeys(term.alternatives))


class _Alternative:
    """An alternative in SQL. `query`: what everything that fits it has in the index.

    `fit`: how well a row fits, NULL if not at all; None where each fits that the query finds. `may_be`: for one
    that is a name whether the query may have found a row by it.
    """

    def __init__(self, one: NamePattern | Words, mistaken: Collection[str], values: Values) -> None:
        self._values = values
        self.fit: str | None
        self.may_be: str | None
        if isinstance(one, Words):
            self.query, self.fit, self.may_be = self._words(one), self._fit_of_words(one), None
        else:
            self.query, self.fit, self.may_be = self._name(one, mistaken)

    def _words(self, one: Words, then: str = "&&") -> str:
        """A query for what has all the words, wherever they stand; with `<->` next to each other."""
        queries = [self._word(word) for word in one.words]
        if one.is_begun:
            begun = self._values.add(f"'{one.words[-1]}':*", "tsquery")
            queries[-1] = f"({queries[-1]} || {begun})"
        return f"({f' {then} '.join(queries)})"

    def _word(self, word: str) -> str:
        """A word in any form. What the stemmer makes of it may be another word's stem: "кузов" itself is that of
        "кузова", and is taken for a form of "куз". So it is looked for as it is, too.
        """
        stem = f"plainto_tsquery({_CONFIGURATION}, {self._values.add(word)})"
        return f"({stem} || {self._values.add(lexemes.all_of([word]), 'tsquery')})"

    def _fit_of_words(self, one: Words) -> str | None:
        if len(one.words) == 1 and not one.fields:
            return None
        phrase = self._words(one, "<->")
        stands = " OR ".join(f"{name} @@ ({phrase})" for name in sorted(one.fields or TextField))
        return f"CASE WHEN {stands} THEN {Fit.WORD:d} END"

    def _name(self, one: NamePattern, mistaken: Collection[str]) -> tuple[str, str, str]:
        found = lexemes.pieces(one)
        query = self._values.add(lexemes.all_of(lexeme for lexeme, _ in found), "tsquery")
        parts = self._values.add([f"%{part}%" for _, part in found], "text[]")
        may_be = f"names LIKE ALL ({parts})"
        cases = self._spelled(one) if one.is_pattern else self._known(one)
        if mistaken:
            near = self._values.add(lexemes.any_of({lexemes.whole(name[2:]) for name in mistaken}), "tsquery")
            query = f"({query} || {near})"
            is_near = f"names LIKE ANY ({self._values.add([f'%;{name};%' for name in mistaken], 'text[]')})"
            near_keys = self._values.add([f"%:{name[2:]};%" for name in mistaken], "text[]")
            may_be = f"({may_be} OR names LIKE ANY ({near_keys}))"
            cases.append((is_near, Fit.MISTAKEN))
        whens = " ".join(f"WHEN {condition} THEN {how:d}" for condition, how in cases)
        return query, f"CASE {whens} END", may_be

    def _known(self, one: NamePattern) -> list[tuple[str, Fit]]:
        """The conditions of a pattern in which every character is known."""
        key, cases = one.key, list[tuple[str, Fit]]()
        cases.append((self._has(one, "", key, ";"), Fit.WHOLE))
        cases.append((self._has(one, "", key, ""), Fit.END))
        if len(key) >= SHORTEST_PART:
            cases.append((self._has(one, "[^;]*", key, ";"), Fit.END))
            cases.append((self._has(one, "[^;]*", key, ""), Fit.PART))
        return cases

    def _has(self, one: NamePattern, before: str, key: str, after: str) -> str:
        """Whether a name of the right kind has a key with something before it, and after it."""
        if one.kinds:
            return f"names ~ {self._values.add(f';[{_letters(one)}]:{before}{key}{after}')}"
        begin = "" if before else ":"
        return f"names LIKE {self._values.add(f'%{begin}{key}{after}%')}"

    def _spelled(self, one: NamePattern) -> list[tuple[str, Fit]]:
        letters = _letters(one) if one.kinds else "a-z"
        spelled = "".join({ONE: "[^;]", ANY: "[^;]*"}.get(c, c) for c in one.key)
        condition = f"names ~ {self._values.add(f';[{letters}]:{spelled};')}"
        return [(condition, Fit.PART if ANY in one.key else Fit.WHOLE)]


def _letters(pattern: NamePattern) -> str:
    return "".join(sorted(LETTERS[kind] for kind in pattern.kinds))


def _fit_of_term(alternatives: Sequence[_Alternative]) -> str:
    """How well a row fits a term by the best alternative; NULL if it does not."""
    named = [one for one in alternatives if one.may_be is not None]
    sure = [one for one in alternatives if one.fit is None]
    if len(sure) == len(alternatives):
        return f"{Fit.WORD:d}"
    fits = [one.fit for one in alternatives if one.fit is not None]
    if sure:
        by_word = " OR ".join(f"lexemes @@ ({one.query})" for one in sure)
        if named and len(sure) + len(named) == len(alternatives):
            # What cannot have been found by a name was found by a word: to look for that takes longer.
            by_word = f"NOT ({' OR '.join(one.may_be or '' for one in named)}) OR {by_word}"
        fits.append(f"CASE WHEN {by_word} THEN {Fit.WORD:d} END")
    return f"greatest({', '.join(fits)})"


def after(place: Place | None, values: Values) -> str:
    """The condition of what comes after a place."""
    if place is None:
        return "true"
    fields = ((place.fit, "integer"), (place.at, "timestamptz"), (place.id, "uuid"))
    return f"(fit, at, id) < ({', '.join(values.add(value, kind) for value, kind in fields)})"
