"""Signs that two cars go by one number: what cases and records say of it that one car cannot be at one time.

A sign is two statements with their dates, and no accusation: a plate that is another months later has *changed*.
What means the same in other words is no difference, and of a word that is not known nothing is made. Plates and
mileages of records among themselves are for their history to judge, and here they stand beside those of cases.
Colours and places are stated by records alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final
from uuid import UUID

from bpa_service.cases.naming.domain import AT_ONE_TIME, plate_key
from bpa_service.vehicles.history.meanings import can_be_one, meant
from shared_schemas.letters import folded

MOST_SIGNS: Final = 20
MOST_COMPARED: Final = 400
"""Statements: more than any car has; of more the newest are compared."""
REPAINTED_WITHIN: Final = timedelta(days=90)
"""Two colours within it are at odds; later somebody may have had it painted."""
# Clients round, and read it off hours before they send it.
_CLIENTS_ROUND_KM: Final = 1_000


class SignKind(StrEnum):
    PLATE = "plate"
    COLOUR = "colour"
    PLACE = "place"
    MILEAGE = "mileage"


@dataclass(frozen=True, slots=True)
class OfCase:
    """A case says it: by the claim of its client, or by what an expert accepted on a photo."""

    case_id: UUID
    number: str
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OfRecord:
    """A record of a source says it: in which file and row, as of which day."""

    source: str
    file: str
    row: int
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody says of the car with the number, and between which days it was so: `since` and `until`."""

    ground: OfCase | OfRecord
    kind: SignKind
    text: str
    since: date
    until: date
    km: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """Two statements that differ, the earlier one first. One that `changed` may well be of one car."""

    kind: SignKind
    changed: bool
    earlier: Statement
    later: Statement


def signs_of(statements: Iterable[Statement]) -> tuple[Sign, ...]:
    """The signs in what is said of one number, those at one time first; at most MOST_SIGNS.

    Of each mileage that fell the nearest before it, and of several plates each beside the one that is nearest in
    time, and not all beside all. The order of the statements changes nothing.
    """
    newest = sorted(set(statements), key=_place)[-MOST_COMPARED:]
    best: dict[tuple[SignKind, frozenset[str]], tuple[tuple[bool, timedelta], Sign]] = {}
    for kind in SignKind:
        for one, other in combinations([said for said in newest if said.kind is kind], 2):
            sign = _sign(one, other)
            if sign is None:
                continue
            rank = (sign.changed, _apart(one, other))
            fallen = kind is SignKind.MILEAGE
            texts = (kind, frozenset((_compared(other),) if fallen else (_compared(one), _compared(other))))
            if texts not in best or rank < best[texts][0]:
                best[texts] = (rank, sign)
    found = sorted(best.values(), key=lambda ranked: (ranked[0], _place(ranked[1].earlier)))
    return tuple(_enough(sign for _, sign in found))[:MOST_SIGNS]


def _enough(signs: Iterable[Sign]) -> Iterator[Sign]:
    """Those by which each text stands beside another one, the first ones; the rest says nothing new."""
    together: dict[tuple[SignKind, str], set[str]] = {}
    for sign in signs:
        one, other = _compared(sign.earlier), _compared(sign.later)
        group = together.setdefault((sign.kind, one), {one})
        if sign.kind is SignKind.MILEAGE:
            yield sign
        elif other not in group:
            group |= together.get((sign.kind, other), {other})
            together |= {(sign.kind, text): group for text in group}
            yield sign


def _sign(one: Statement, other: Statement) -> Sign | None:
    """`one` is the earlier."""
    judge = _JUDGES[one.kind]
    changed = judge(one, other)
    return None if changed is None else Sign(one.kind, changed, one, other)


def _plates(one: Statement, other: Statement) -> bool | None:
    """Whether it changed; None if nothing differs, or that is for another to judge."""
    if not _says_a_case(one, other) or _compared(one) == _compared(other):
        return None
    return _apart(one, other) > AT_ONE_TIME


def _colours(one: Statement, other: Statement) -> bool | None:
    first, second = (meant("colour", said.text) for said in (one, other))
    if not first or not second or can_be_one("colour", first, second):
        return None
    return _apart(one, other) > REPAINTED_WITHIN


def _places(one: Statement, other: Statement) -> bool | None:
    """Every source names places in its own way, and everybody drives about: one source, and one day."""
    first, second = _compared(one), _compared(other)
    source = _source_of(one)
    if source is None or source != _source_of(other) or _apart(one, other):
        return None
    return None if first in second or second in first else False


def _mileages(one: Statement, other: Statement) -> bool | None:
    slack = max(_CLIENTS_ROUND_KM, one.km // 50)
    fell = one.until < other.since and other.km < one.km - slack
    return False if fell and _says_a_case(one, other) else None


_JUDGES: Final = {
    SignKind.PLATE: _plates,
    SignKind.COLOUR: _colours,
    SignKind.PLACE: _places,
    SignKind.MILEAGE: _mileages,
}


def _source_of(said: Statement) -> str | None:
    return said.ground.source if isinstance(said.ground, OfRecord) else None


def _says_a_case(*said: Statement) -> bool:
    return any(isinstance(one.ground, OfCase) for one in said)


def _apart(one: Statement, other: Statement) -> timedelta:
    """How far at most the days are from each other on which the two were so: of a month nobody knows the day."""
    return max(other.until - one.since, one.until - other.since)


def _compared(said: Statement) -> str:
    match said.kind:
        case SignKind.PLATE:
            return plate_key(said.text) or ""
        case SignKind.MILEAGE:
            return str(said.km)
        case _:
            return " ".join(folded(said.text).casefold().split())


def _place(said: Statement) -> tuple[date, date, str]:
    return said.since, said.until, repr(said)
