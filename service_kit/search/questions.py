"""What is asked of an index, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final
from uuid import UUID

from service_kit.search.documents import NameKind, TextField

MOST_TERMS: Final = 12
MOST_ALTERNATIVES: Final = 6
SHORTEST_PART: Final = 3
"""Of a name fewer characters in a row are found where it begins and nowhere else."""
SHORTEST_MISTAKEN: Final = 5
"""Among shorter names nearly everything is one mistake away from everything."""
SHORTEST_RUN: Final = 2
"""So many known characters of a pattern stand in a row somewhere, or it is found nowhere."""
ANY: Final = "*"
ONE: Final = "?"


class Fit(IntEnum):
    """How well a document answers a term. What it is found by decides before anything else."""

    WORD = 1
    MISTAKEN = 2
    PART = 3
    END = 4
    WHOLE = 5


@dataclass(frozen=True, slots=True)
class NamePattern:
    """Which names are meant: `key` spelled as names are, with `?` for one character and `*` for any number.

    Without either: a name that is equal (WHOLE), that begins or ends with it (END), that has it inside (PART,
    from SHORTEST_PART characters on), or that is one mistake away (MISTAKEN, from SHORTEST_MISTAKEN on): a
    character that is another, is missing, is too many, two that changed places, or any number of look-alikes
    (0/O/Q, 1/I, 8/B, 5/S, 2/Z/7). With one of them: a name that is spelled so from its first character to its
    last (WHOLE if there is no `*`, else PART), if SHORTEST_RUN known characters of it stand in a row. `kinds`:
    only names of these; all if empty.
    """

    key: str
    kinds: frozenset[NameKind] = frozenset()

    @property
    def is_pattern(self) -> bool:
        return ONE in self.key or ANY in self.key


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand next to each other in a text, in any form that the engine knows (WORD).

    `is_begun`: the last of them may go on: it is still being typed, or ended in `*`. `fields`: only there.
    """

    words: tuple[str, ...]
    is_begun: bool = False
    fields: frozenset[TextField] = frozenset()


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that somebody remembers: a document fits by the best of its alternatives."""

    alternatives: tuple[NamePattern | Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A document answers if it fits each of `terms`, and of each of `facets` has one of the values.

    `owner`: whose documents, and nobody else's; None only for those who may see all. `since` is the first instant
    that is meant, `until` the first that is not. `counting`: the facets of which is told how many documents there
    are for each value.
    """

    owner: str | None
    terms: tuple[Term, ...] = ()
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    since: datetime | None = None
    until: datetime | None = None
    counting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the order of answers a document stands: by the sum of its fits, the newest, and by its id. The
    greatest place comes first.
    """

    fit: int
    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers. `version` is which one of it."""

    place: Place
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The hits after the place that was asked for, best first. `total` counts all that answer, MOST_COUNTED at
    most. `counts`: of each facet in `counting` the values and their numbers, the most frequent first, and of two
    that are as frequent the lesser; those of one facet as if nothing were chosen in it. Where more than
    MOST_COUNTED answer, an engine may look at the newest so many of them only.
    """

    hits: tuple[Hit, ...]
    total: int
    counts: Mapping[str, tuple[tuple[str, int], ...]]


MOST_COUNTED: Final = 10_000
MOST_VALUES: Final = 20
"""Of a facet the most frequent values are told."""
