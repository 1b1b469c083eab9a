"""What an index holds: documents, each of one case or inspection, and their changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from service_kit.search.storable import is_storable
from service_kit.search.words import words_of

MOST_NAMES: Final = 60
"""A document has no more names: a case has a few numbers, and a handful for each of its photos."""
LONGEST_NAME: Final = 64
MOST_CHARACTERS: Final = 60_000
"""Of one text field of a document; what is longer is cut there, and the screens say that texts are."""


class NameKind(StrEnum):
    """What kind of identifier a name is. NUMBER: a VIN, a frame or other body number; CASE: our own number.

    PHONE: no document has one yet, as contacts stay in cabinet, which puts none into its index.
    """

    NUMBER = "number"
    PLATE = "plate"
    ENGINE = "engine"
    PHONE = "phone"
    CASE = "case"


class TextField(StrEnum):
    """In which part of a document words stand. ABOUT: what is known of the car and the case, in both languages
    (make, model, month and year, state, verdict, at the desk kinds of marks). PEOPLE: names of experts.
    MESSAGES: the worry, and what client and experts said and asked. NOTES: the desk's own, with second opinions.
    """

    ABOUT = "about"
    PEOPLE = "people"
    FINDINGS = "findings"
    ANSWER = "answer"
    MESSAGES = "messages"
    NOTES = "notes"


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """An identifier in one spelling: capitals, Latin where Latin can spell it, letters and digits alone."""

    kind: NameKind
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One case or inspection as it is looked for.

    `version` grows with each change of what the document is made of, and belongs to exactly this content: of
    two the greater one is right, whichever comes last. `owner` is whose it is: who asks with an owner finds
    nothing of another. `at` orders what fits equally well, the newest first, and is what `since` and `until` of
    a question mean. `facets` are exact values, such as {"verdict": {"clean"}}.
    """

    id: UUID
    version: int
    owner: str
    at: datetime
    names: frozenset[Name] = frozenset()
    texts: Mapping[TextField, str] = field(default_factory=dict[TextField, str])
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


@dataclass(frozen=True, slots=True)
class Removal:
    """A document that is there no more since this version, in no copy of the index either."""

    id: UUID
    version: int


Change = Document | Removal


def words_in(text: str) -> str:
    """The words of a text field as engines are given them: what is cut is cut before."""
    return " ".join(words_of(text[:MOST_CHARACTERS]))


LONGEST_VALUE: Final = 200
"""Of an owner, a facet, or a value of one."""
_MOST_VERSION: Final = 2**63 - 1
BETWEEN: Final = "="
"""No facet has it in its name."""


def flaw_of(change: Change) -> str | None:
    """Why no engine will ever take a change as it is, without a word of what it holds; None if they can."""
    if not 0 <= change.version <= _MOST_VERSION:
        return "version"
    if isinstance(change, Removal):
        return None
    values = [one for name, held in change.facets.items() for one in (name, *held)]
    flaws = {
        "owner": not _is_value(change.owner),
        "at": change.at.tzinfo is None,
        "names": len(change.names) > MOST_NAMES or not all(map(_is_key, change.names)),
        "facets": not all(map(_is_value, values)) or any(BETWEEN in name for name in change.facets),
    }
    return next((what for what, is_flaw in flaws.items() if is_flaw), None)


def _is_key(name: Name) -> bool:
    return name.key.isalnum() and len(name.key) <= LONGEST_NAME and is_storable(name.key)


def _is_value(text: str) -> bool:
    return 0 < len(text) <= LONGEST_VALUE and is_storable(text)
