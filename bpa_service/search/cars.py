"""Looking for numbers of cars among the records of all sources, within a time: nothing else waits for them."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import structlog

from bpa_service.cases.core.claims import as_read
from bpa_service.search.car_schemas import CarFound, CarsPage, NumberKind, VehiclePath, WhyNot
from bpa_service.vehicles.lookup.errors import NoNumberOfAVehicle
from bpa_service.vehicles.lookup.finding import PATIENCE
from bpa_service.vehicles.lookup.naming import NumberName, names_of
from bpa_service.vehicles.store.analytics import NO_SUCH_TABLE, EngineAway, EngineRefused
from bpa_service.vehicles.store.likes import Likes, likes_of
from bpa_service.vehicles.store.numbers import MOST_LIKE, NAMES, KnownNumber, Numbers
from service_kit.search.asking import question as asking
from service_kit.search.documents import NameKind
from service_kit.search.names import fit, spelled
from service_kit.search.questions import ANY, ONE, Fit, NamePattern
from service_kit.search.showing.matching import marks
from service_kit.search.showing.schemas import FitOut
from shared_schemas.vin import is_well_formed
from shared_schemas.words import IdentifierKind

log = structlog.get_logger(__name__)

MOST_PATTERNS: Final = 8
"""Readings of what was typed that are looked for."""
_OF_EACH: Final = frozenset(NAMES)
_Name = tuple[NameKind, str]
_SPARE: Final = 2
"""So many times the numbers that are shown are looked up: some may have been taken back."""


@dataclass(frozen=True, slots=True)
class _Best:
    """How well a number fits, and which pattern."""

    fit: Fit
    pattern: NamePattern


@dataclass(slots=True)
class _Found:
    """What is found while there is time."""

    values: set[str] = field(default_factory=set[str])
    known: dict[_Name, KnownNumber] = field(default_factory=dict[_Name, KnownNumber])
    has_more: bool = False


async def find(
    numbers: Numbers | None, typed: str, today: date, *, limit: int, patience: timedelta = PATIENCE
) -> CarsPage:
    """Numbers that fit one of the numbers that were typed. Never fails: what may be missing is said."""
    asked = asking.read(typed, today=today)
    of_terms = [
        [one for one in term.alternatives if isinstance(one, NamePattern) and _kinds(one)]
        for term in asked.terms
    ]
    patterns = [one for of_term in of_terms for one in of_term if likes_of(one)][:MOST_PATTERNS]
    is_too_little = any(
        any(map(_is_number, of_term)) and not any(map(likes_of, of_term)) for of_term in of_terms
    )
    found = _Found()
    limited = WhyNot.ENDS if is_too_little else None
    if patterns:
        limited = await _look(numbers, patterns, found, limit, patience) or limited
    best = [(one, how) for one in found.known.values() if (how := _best(patterns, one.value, {one.kind}))]
    best.sort(key=lambda each: (-each[1].fit, each[0].value, each[0].kind))
    return CarsPage(
        items=[_out(one, how) for one, how in best[:limit]],
        has_more=found.has_more or len(best) > limit,
        limited=limited,
    )


async def _look(
    numbers: Numbers | None, patterns: Sequence[NamePattern], found: _Found, limit: int, patience: timedelta
) -> WhyNot | None:
    """Look for what fits: first without a mistake, then, if there is room, with one. Returns why not for all."""
    if numbers is None:
        return WhyNot.AWAY
    try:
        async with asyncio.timeout(patience.total_seconds()):
            for is_mistaken in (False, True):
                if len(found.known) < limit:
                    await _look_for(numbers, patterns, found, limit, is_mistaken=is_mistaken)
                else:
                    found.has_more |= any(likes.mistaken for one in patterns for likes in likes_of(one))
    except TimeoutError:
        return WhyNot.SLOW
    except EngineRefused as refused:
        if refused.code != NO_SUCH_TABLE:  # else nothing was ever imported
            log.warning("vehicle_store_refused", code=refused.code)
            return WhyNot.AWAY
    except EngineAway:
        return WhyNot.AWAY
    return None


async def _look_for(
    numbers: Numbers, patterns: Sequence[NamePattern], found: _Found, limit: int, *, is_mistaken: bool
) -> None:
    before = frozenset(found.values)
    asked: set[tuple[Likes, frozenset[NameKind]]] = set()
    for pattern in patterns:
        for likes in likes_of(pattern):
            question = likes, _kinds(pattern)
            if bool(likes.mistaken) == is_mistaken and question not in asked:
                asked.add(question)
                values = await numbers.like(*question)
                found.values |= set(values)
                found.has_more |= len(values) >= MOST_LIKE
    fitting = [(how.fit, one) for one in found.values - before if (how := _best(patterns, one, _OF_EACH))]
    fitting.sort(key=lambda each: (-each[0], each[1]))
    most = _SPARE * limit
    found.has_more |= len(fitting) > most
    kinds = frozenset(kind for pattern in patterns for kind in _kinds(pattern))
    for one in await numbers.known([value for _, value in fitting[:most]], kinds):
        found.known[one.kind, one.value] = one


def _kinds(pattern: NamePattern) -> frozenset[NameKind]:
    """The kinds that records have numbers of, among those that it asks for."""
    return _OF_EACH & pattern.kinds if pattern.kinds else _OF_EACH


def _is_number(pattern: NamePattern) -> bool:
    """Whether it is a number in part, and not a word that a number might begin with."""
    return any(one.isdigit() or one in {ANY, ONE} for one in pattern.key)


def _best(patterns: Iterable[NamePattern], value: str, kinds: Iterable[NameKind]) -> _Best | None:
    def fitting() -> Iterator[_Best]:
        for pattern in patterns:
            how = fit(pattern, spelled(value))
            if how and not _kinds(pattern).isdisjoint(kinds):
                yield _Best(how, pattern)

    return max(fitting(), key=lambda one: one.fit, default=None)


def _out(known: KnownNumber, best: _Best) -> CarFound:
    text = _as_read(known)
    places = [place for place, character in enumerate(text) if character.isalnum()]
    key = spelled(known.value)
    if len(places) != len(key):
        text, places = key, list(range(len(key)))
    return CarFound(
        kind=NumberKind(known.kind),
        text=text,
        fit=FitOut.of(best.fit),
        marks=[(places[begin], places[end - 1] + 1) for begin, end in marks(best.pattern, key, best.fit)],
        records=known.records,
        sources=known.sources,
        make=known.make,
        model=known.model,
        year=known.year,
        vehicle=_vehicle(known),
    )


def _as_read(known: KnownNumber) -> str:
    if known.kind is NameKind.PLATE:
        return as_read(known.value, IdentifierKind.PLATE)
    return as_read(known.value, IdentifierKind.VIN) if is_well_formed(known.value) else known.written


def _vehicle(known: KnownNumber) -> VehiclePath | None:
    """By what its page is opened: by its own number, or the VIN of the one car that has the engine."""
    if known.kind is NameKind.ENGINE:
        ways = [(NumberName.VIN, known.vin)] if known.vin else []
    else:
        ways = [(name, known.value) for name in NumberName if name in known.names]
    for name, value in ways:
        try:
            names_of(name, value)
        except NoNumberOfAVehicle:
            continue
        return VehiclePath(name=name, value=value)
    return None
