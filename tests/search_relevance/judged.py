"""Questions as people ask them of the generated cases, each with the case that it is about.

Of words, and of parts of numbers, only those are asked that one case answers by what is known of it: of several
nobody could say which one is meant.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service_kit.search.names import skeleton
from shared_schemas.letters import cyrillic
from tests.search_relevance.corpus import COLOURS, FLAWS, PARTS, SEED, TOWNS, Facts

OF_EACH: Final = 20
IDENTIFIERS: Final = frozenset(
    {
        *("exact", "start", "end", "middle", "unknown characters", "mistyped", "slip of length"),
        *("look-alikes", "mixed script", "plate", "phone", "number of the case"),
    }
)
"""Kinds of questions about numbers alone."""
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_LOOK_ALIKE: Final = {"0": "O", "1": "I", "8": "B", "5": "S", "2": "Z", "B": "8", "S": "5", "Z": "2"}
_KEYS: Final = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", strict=True))
_BY_EAR: Final = {
    "SKODA": "шкода",
    "TOYOTA": "тойота",
    "LADA": "лада",
    "KIA": "киа",
    "HYUNDAI": "хендай",
    "VOLKSWAGEN": "фольксваген",
    "MAZDA": "мазда",
    "NISSAN": "ниссан",
    "BMW": "бмв",
    "FORD": "форд",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, of which kind it is, and the case that is meant."""

    kind: str
    typed: str
    meant: UUID


def questions(cases: Sequence[Facts]) -> list[Judged]:
    """The same ones whenever they are asked for."""
    chance = random.Random(SEED + 1)
    kinds: dict[str, Callable[[Facts], Iterator[str]]] = {
        "exact": lambda case: iter([chance.choice([case.vin, case.vin.lower(), _grouped(case.vin, " ")])]),
        "start": lambda case: iter([case.vin[:14]]),
        "end": lambda case: iter([case.vin[-chance.choice([6, 7]) :]]),
        "middle": lambda case: iter([case.vin[7:15]]),
        "unknown characters": lambda case: iter([_hidden(chance, case.vin)]),
        "mistyped": lambda case: iter([_mistyped(chance, case.vin)]),
        "slip of length": lambda case: iter([_slipped(chance, case.vin)]),
        "look-alikes": lambda case: iter([_like(chance, case.vin)]),
        "mixed script": lambda case: iter([_mixed(chance, case.vin)]),
        "plate": lambda case: iter([_plate(chance, case.plate)]),
        "phone": lambda case: iter([_phone(chance, case.phone)]),
        "number of the case": lambda case: iter([f"{case.number[0]}-{case.number[1:]}", case.number[1:]]),
        "Russian, inflected": lambda case: iter([_words(chance, case)]),
        "two facts": lambda case: iter([_two_facts(chance, case)]),
    }
    return [
        Judged(kind, next(ask(case)), case.id)
        for kind, ask in kinds.items()
        for case in _meant(chance, cases, _ALIKE.get(kind))
    ]


def _meant(
    chance: random.Random, cases: Sequence[Facts], alike: Callable[[Facts], object] | None
) -> Iterator[Facts]:
    """Cases that can be told from others by what is asked."""
    counts = Counter(map(alike, cases)) if alike else None
    left = OF_EACH
    while left:
        case = chance.choice(cases)
        if counts is None or (alike and counts[alike(case)] == 1):
            left -= 1
            yield case


_ALIKE: Final[dict[str, Callable[[Facts], object]]] = {
    "exact": lambda case: case.vin,
    "start": lambda case: case.vin[:14],
    "end": lambda case: case.vin[-6:],
    "middle": lambda case: case.vin[7:15],
    "look-alikes": lambda case: skeleton(case.vin),
    "Russian, inflected": lambda case: (case.part, case.flaw, case.town),
    "two facts": lambda case: (case.make, case.vin[-4:]),
}


def _grouped(vin: str, between: str) -> str:
    return between.join((vin[:3], vin[3:9], vin[9:]))


def _hidden(chance: random.Random, vin: str) -> str:
    places = set(chance.sample(range(3, 16), chance.choice([2, 3, 4])))
    sign = chance.choice("?*")
    return "".join(sign if place in places else character for place, character in enumerate(vin))


def _mistyped(chance: random.Random, vin: str) -> str:
    """One character is another one, or two have changed places."""
    place = chance.randrange(3, 16)
    if chance.random() < 1 / 4 and vin[place] != vin[place + 1]:
        return vin[:place] + vin[place + 1] + vin[place] + vin[place + 2 :]
    other = chance.choice([one for one in _ALPHABET if one != vin[place]])
    return vin[:place] + other + vin[place + 1 :]


def _slipped(chance: random.Random, vin: str) -> str:
    """A character is dropped, doubled, or too many."""
    place = chance.randrange(3, 17)
    return (
        vin[:place]
        + chance.choice(["", vin[place] * 2, vin[place] + chance.choice(_ALPHABET)])
        + vin[place + 1 :]
    )


def _like(chance: random.Random, vin: str) -> str:
    places = [place for place, character in enumerate(vin) if character in _LOOK_ALIKE]
    changed = set(chance.sample(places, min(len(places), chance.choice([1, 2, 3]))))
    return "".join(_LOOK_ALIKE[one] if place in changed else one for place, one in enumerate(vin))


def _mixed(chance: random.Random, vin: str) -> str:
    """Letters of the other alphabet, or typed while the keyboard was set to it."""
    match chance.randrange(3):
        case 0:
            return cyrillic(vin).lower()
        case 1:
            return _grouped(cyrillic(vin[:5]) + vin[5:], "-")
        case _:
            return "".join(_KEYS.get(character, character) for character in vin).lower()


def _plate(chance: random.Random, plate: str) -> str:
    return chance.choice(
        [
            cyrillic(plate).lower(),
            cyrillic(f"{plate[0]} {plate[1:4]} {plate[4:6]} {plate[6:]}"),
            plate.lower(),
            cyrillic(plate[:6]),
            f"{cyrillic(plate[:2])}?{cyrillic(plate[3:])}",
        ]
    )


def _phone(chance: random.Random, phone: str) -> str:
    area, rest = phone[1:4], phone[4:]
    return chance.choice(
        [
            f"+7 {area} {rest[:3]}-{rest[3:5]}-{rest[5:]}",
            f"8({area}){rest}",
            f"8{area}{rest}",
            f"{area}{rest}",
            rest,
            f"тел. +7{area}{rest}",
        ]
    )


def _words(chance: random.Random, case: Facts) -> str:
    """The part, what is wrong with it, and the town, each in another form than that of the text."""
    words = [
        chance.choice(PARTS[case.part]),
        chance.choice(FLAWS[case.flaw]),
        chance.choice(TOWNS[case.town]),
    ]
    chance.shuffle(words)
    return " ".join(words)


def _two_facts(chance: random.Random, case: Facts) -> str:
    """A part of the number, and what the car was."""
    make = chance.choice([case.make.capitalize(), _BY_EAR[case.make]])
    colour = chance.choice(COLOURS[case.colour])
    end = case.vin[-4:]
    return chance.choice(
        [
            f"{make} {end}",
            f"{make} оканчивается на {end}",
            f"{colour} {make}, VIN ends in {end}",
            f"{make} из {TOWNS[case.town][-1]} {end}",
        ]
    )
