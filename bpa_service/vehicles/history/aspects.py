"""What sources say that the car is, side by side: what means the same together, and what does not agree.

How much it weighs is told as of a claim (`shared_schemas.vin.claims`): a contradiction cannot both be true, an
anomaly honest cars hardly ever have, and what is unusual some have: cars are repainted, engines exchanged.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from bpa_service.vehicles.history.meanings import can_be_one, meant
from bpa_service.vehicles.records.record import Record
from shared_schemas.letters import folded, latin
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.vin.makers import of_one_concern
from shared_schemas.vin.models import models_named
from shared_schemas.vin.names import makes_named

MOST_COMPARED: Final = 40
"""Different statements about one aspect; more than that are listed, and not held against each other."""
_LITRES_BELOW: Final = 20
_SHORTEST_ENGINE_NUMBER: Final = 4
_YEARS_OF_COUNTING: Final = 1  # a model year runs ahead of the calendar
_YEARS_UNSOLD: Final = 2
# Under other names in other countries, or built by another's plant.
_OTHER_NAMES: Final = (
    frozenset({"Chevrolet", "Daewoo", "Ravon", "ZAZ"}),
    frozenset({"Lada", "Chevrolet", "Renault", "Datsun"}),
    frozenset({"Renault", "Dacia", "Nissan", "Mitsubishi", "Samsung"}),
    frozenset({"Fiat", "Dodge", "Peugeot", "Citroën", "Opel", "Vauxhall", "Iveco", "RAM"}),
    frozenset({"Volkswagen", "Škoda", "SEAT", "Audi", "Cupra", "Porsche"}),
    frozenset({"Subaru", "Toyota", "Daihatsu"}),
    frozenset({"Suzuki", "Mazda", "Nissan", "Mitsubishi", "Isuzu", "Opel", "Fiat"}),
    frozenset({"Great Wall", "Haval", "Tank", "Wey"}),
    frozenset({"Chery", "Exeed", "Omoda", "Jetour", "Jaecoo", "Tenet"}),
    frozenset({"JAC", "Moskvich"}),
    frozenset({"Land Rover", "Rover", "Jaguar"}),
    frozenset({"Mercedes-Benz", "Volkswagen", "Dodge", "Freightliner"}),
    frozenset({"GAZ", "KamAZ", "MAZ", "UAZ"}),
)

_GRAVEST_FIRST: Final = (*DoubtSeverity,)

Judge = Callable[[Record, Record], DoubtSeverity | None]


@dataclass(frozen=True, slots=True)
class Statement:
    """What means the same: `means` is that in one spelling, `texts` are the sources' own, each once.

    `severity` is how much it weighs that another statement does not agree; None if none is held against it.
    """

    means: str
    texts: tuple[str, ...]
    records: tuple[Record, ...]
    severity: DoubtSeverity | None = None


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that a car is, and what is said of it: the statement that most records make comes first."""

    name: str
    statements: tuple[Statement, ...]

    @property
    def severity(self) -> DoubtSeverity | None:
        """The gravest of its disagreements."""
        found = {one.severity for one in self.statements}
        return next((severity for severity in DoubtSeverity if severity in found), None)


def aspects_of(entries: Sequence[Record]) -> tuple[Aspect, ...]:
    """Every aspect of which some record says something."""
    aspects = (_aspect(name, entries) for name in (*_FIELDS, *_ATTRIBUTES))
    return tuple(aspect for aspect in aspects if aspect.statements)


def _aspect(name: str, entries: Sequence[Record]) -> Aspect:
    said: dict[str, list[Record]] = {}
    for record in entries:
        if text := text_of(name, record):
            said.setdefault(_means(name, text, record), []).append(record)
    groups = sorted(said.items(), key=lambda one: (-len(one[1]), one[0]))
    severities: dict[str, DoubtSeverity] = {}
    judge = (_FIELDS | _ATTRIBUTES)[name]
    for (one, of_one), (other, of_other) in combinations(groups[:MOST_COMPARED], 2):
        if severity := judge(of_one[0], of_other[0]):
            for means in (one, other):
                severities[means] = min(severities.get(means, severity), severity, key=_GRAVEST_FIRST.index)
    return Aspect(
        name,
        tuple(
            Statement(means, _spellings(name, records), tuple(records), severities.get(means))
            for means, records in groups
        ),
    )


def text_of(name: str, record: Record) -> str:
    """What a record says of an aspect; empty if nothing."""
    if name in _FIELDS:
        value = getattr(record, name)
        return "" if value is None else str(value)
    return record.attributes.get(name, "")


def _spellings(name: str, records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.as_written.get(name) or text_of(name, one) for one in records))


def _means(name: str, text: str, record: Record) -> str:
    if name == "make" and (makes := makes_named(text)):
        return ", ".join(sorted(makes))
    if name == "model":
        return ", ".join(sorted(_models(record))) or " ".join(_TOKEN.findall(latin(folded(text))))
    if name in _WORDS:
        return ", ".join(sorted(meant(name, text))) or folded(text)
    if name == "engine":
        return _compact(text)
    return text if name not in _TEXTS else folded(text)


_TOKEN: Final = re.compile(r"[^\W_]+")


def _compact(text: str) -> str:
    return "".join(_TOKEN.findall(latin(folded(text))))


def _models(record: Record) -> frozenset[str]:
    return models_named(record.vin[:3], f"{record.make} {record.model}")


def _makes(one: Record, other: Record) -> DoubtSeverity | None:
    named = [makes_named(record.make) for record in (one, other)]
    if not all(named) or named[0] & of_one_concern(named[1]):
        return None
    is_other_name = any(named[0] & makes and named[1] & makes for makes in _OTHER_NAMES)
    return DoubtSeverity.UNUSUAL if is_other_name else DoubtSeverity.CONTRADICTION


def _model(one: Record, other: Record) -> DoubtSeverity | None:
    named = [_models(record) for record in (one, other)]
    return DoubtSeverity.ANOMALY if all(named) and named[0].isdisjoint(named[1]) else None


def _years(one: Record, other: Record) -> DoubtSeverity | None:
    apart = abs((one.year or 0) - (other.year or 0))
    if apart <= _YEARS_OF_COUNTING:
        return None
    return DoubtSeverity.UNUSUAL if apart <= _YEARS_UNSOLD else DoubtSeverity.ANOMALY


def _engines(one: Record, other: Record) -> DoubtSeverity | None:
    numbers = sorted((_compact(record.engine) for record in (one, other)), key=len)
    # With the code of the model before it, or without.
    is_same = numbers[1].endswith(numbers[0]) or len(numbers[0]) < _SHORTEST_ENGINE_NUMBER
    return None if is_same else DoubtSeverity.UNUSUAL


def _words(name: str, severity: DoubtSeverity) -> Judge:
    def judge(one: Record, other: Record) -> DoubtSeverity | None:
        meanings = [meant(name, text_of(name, record)) for record in (one, other)]
        return None if not all(meanings) or can_be_one(name, *meanings) else severity

    return judge


def _numbers(name: str, *, part: float, by: float) -> Judge:
    """Unusual where numbers are apart by more than `by` and more than this part of the greater one."""

    def judge(one: Record, other: Record) -> DoubtSeverity | None:
        values = [_number(name, record) for record in (one, other)]
        if None in values:
            return None
        least, most = sorted(value or 0 for value in values)
        return DoubtSeverity.UNUSUAL if most - least > max(by, part * most) else None

    return judge


def _number(name: str, record: Record) -> float | None:
    try:
        value = float(text_of(name, record))
    except ValueError:
        return None
    if name == "engine_cc" and value < _LITRES_BELOW:
        value *= 1000
    return value or None


_WORDS: Final = frozenset({"colour", "fuel", "transmission", "drive", "steering"})
_TEXTS: Final = frozenset(
    {"body_type", "category", "variant", "vehicle_type", "engine_model", "emission_class"}
)
_UNUSUAL, _ANOMALY = DoubtSeverity.UNUSUAL, DoubtSeverity.ANOMALY
_FIELDS: Final[dict[str, Judge]] = {
    "make": _makes,
    "model": _model,
    "year": _years,
    "colour": _words("colour", _UNUSUAL),
    "engine": _engines,
}
_ATTRIBUTES: Final[dict[str, Judge]] = {
    "fuel": _words("fuel", _ANOMALY),
    "engine_cc": _numbers("engine_cc", part=0.06, by=60),
    # Gross and net, peak and lasting: what is called the power differs by more than is measured.
    "power_kw": _numbers("power_kw", part=0.2, by=5),
    "power_hp": _numbers("power_hp", part=0.2, by=7),
    "transmission": _words("transmission", _UNUSUAL),
    "drive": _words("drive", _UNUSUAL),
    "steering": _words("steering", _UNUSUAL),
    "mass_kg": _numbers("mass_kg", part=0.15, by=150),
    "gross_mass_kg": _numbers("gross_mass_kg", part=0.15, by=150),
    "doors": _numbers("doors", part=0, by=1),
    "seats": _numbers("seats", part=0, by=2),
}
