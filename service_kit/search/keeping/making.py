"""What documents of both services have in common: how a car is named, and how long things may be."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service_kit.search.documents import (
    LONGEST_NAME,
    MOST_CHARACTERS,
    MOST_NAMES,
    Name,
    NameKind,
    TextField,
)
from service_kit.search.names import name_of
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.letters import folded
from shared_schemas.vin.makers import code_of
from shared_schemas.vin.names import makes_named, spellings_of
from shared_schemas.words import IdentifierKind


@dataclass(frozen=True, slots=True)
class Car:
    """What somebody calls a car: `words` in both scripts, and as exact values, if they are known."""

    words: str
    make: str | None
    model: str | None


def of_car(make: str | None, model: str | None, year: int | None, *, vin: str | None) -> Car:
    """By what the client says; where no make is said, by the maker whose VIN it is."""
    makes = makes_named(make) if make else frozenset[str]()
    if not make and vin:
        makes = code_of(vin[:3]).makes
    known = next(iter(makes)) if len(makes) == 1 else None
    named = _bare(known) if known else make
    said = " ".join(str(part) for part in (make, model, year) if part)
    spelled = [spelling for one in sorted(makes) for spelling in spellings_of(one)]
    return Car(
        words="\n".join(filter(None, (said, " ".join(spelled)))),
        make=_value(named) if named else None,
        model=_value(model) if model else None,
    )


def car_of(claim: VehicleClaim) -> Car:
    """The car of a claim."""
    is_vin = claim.identifier_kind is IdentifierKind.VIN
    return of_car(claim.make, claim.model, claim.year, vin=claim.identifier if is_vin else None)


def claimed_names(
    identifier: str | None, kind: IdentifierKind | None, plate: str | None, *, number: str | None
) -> Iterator[Name | None]:
    """The names that a claim gives, and the number of the case or inspection itself."""
    yield name_of(NameKind.PLATE if kind is IdentifierKind.PLATE else NameKind.NUMBER, identifier)
    yield name_of(NameKind.PLATE, plate)
    yield name_of(NameKind.CASE, number)


def names_of(names: Iterable[Name | None]) -> frozenset[Name]:
    """The first MOST_NAMES of them, each once."""
    return frozenset(list(dict.fromkeys(filter(None, names)))[:MOST_NAMES])


def texts_of(parts: Mapping[TextField, Iterable[str | None]]) -> dict[TextField, str]:
    """What there is of each field, a part a line."""
    joined = {field: "\n".join(filter(None, said))[:MOST_CHARACTERS] for field, said in parts.items()}
    return {field: text for field, text in joined.items() if text}


def facets_of(values: Mapping[str, Iterable[object]]) -> dict[str, frozenset[str]]:
    """What there is of each facet, as text."""
    texts = {name: frozenset(str(one) for one in many if one) for name, many in values.items()}
    return {name: found for name, found in texts.items() if found}


def _bare(make: str) -> str:
    """A make of ours without what its letters carry: SKODA, CITROEN."""
    return "".join(c for c in unicodedata.normalize("NFKD", make) if not unicodedata.combining(c))


def _value(said: str) -> str:
    """A make or a model as an exact value."""
    return folded(said)[:LONGEST_NAME]
