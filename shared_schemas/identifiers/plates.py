"""Number plates: the forms that can be told from a VIN or a frame number at sight, and how they are shown."""

import re
from dataclasses import dataclass
from typing import Final

from shared_schemas.letters import cyrillic, latin

LONGEST: Final = 10

# Russia since 1993 (GOST R 50577), spelled with the twelve letters that Cyrillic and Latin share.
_L = "[ABCEHKMOPTXY]"
_RUSSIAN = [
    re.compile(form, re.ASCII)
    for form in (
        rf"({_L})(\d{{3}})({_L}{{2}})(\d{{2,3}})",  # cars
        rf"({_L}{{2}})(\d{{5,7}})",  # taxis, buses, trailers: which digits are the region is not certain
        rf"(\d{{4}})({_L}{{2}})(\d{{2,3}})",  # motorcycles, the army
        rf"({_L})(\d{{4}})(\d{{2,3}})",  # police
        rf"({_L}{{2}})(\d{{3}})({_L})(\d{{2,3}})",  # transit
    )
]
# The Soviet Union since 1980; these use the whole Cyrillic alphabet.
_SOVIET = [re.compile(form, re.ASCII) for form in (r"([А-ЯЁ])(\d{4})([А-ЯЁ]{2})", r"(\d{4})([А-ЯЁ]{3})")]
# Neighbours whose cars are often sold in Russia.
_NEIGHBOURS = re.compile(
    r"\d{4}[A-Z]{2}\d"  # Belarus
    r"|\d{3}[A-Z]{2,3}\d{2}"  # Kazakhstan
    r"|[A-Z]{2}\d{4}[A-Z]{2}"  # Ukraine
    r"|[A-Z]{2}\d{3}[A-Z]{2}"  # Georgia
    r"|\d{2}[A-Z]{2}\d{3}"  # Armenia
    r"|\d{2}KG\d{3}[A-Z]{3}"  # Kyrgyzstan
    r"|\d{2}[A-Z]\d{3}[A-Z]{2}",  # Uzbekistan
    re.ASCII,
)
_ANY = re.compile(r"[A-Z0-9ÄÖÜ]")


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate: `value` in Latin wherever Latin can spell it, so that either keyboard gives the same value.

    `known` is whether its form is a known one, `in_cyrillic` whether `display` is in Cyrillic, as the plate
    itself is. `bad_positions` count from 1 in `value`.
    """

    value: str
    display: str
    known: bool = False
    in_cyrillic: bool = False
    never_issued: bool = False
    bad_positions: tuple[int, ...] = ()


def read_plate(compact: str) -> Plate:
    """Read folded text without spaces and hyphens."""
    value = latin(compact)
    bare = value.removesuffix("RUS")  # the plate's corner, not a part of its number
    for form in _RUSSIAN:
        if match := form.fullmatch(bare):
            never = "000" in match.groups()
            display = cyrillic(" ".join(match.groups()))
            return Plate(bare, display, known=True, in_cyrillic=True, never_issued=never)
    for form in _SOVIET:
        if match := form.fullmatch(cyrillic(value)):
            spelled = value if value.isascii() else cyrillic(value)
            return Plate(spelled, " ".join(match.groups()), known=True, in_cyrillic=True)
    return Plate(
        value,
        value,
        known=_NEIGHBOURS.fullmatch(value) is not None,
        bad_positions=tuple(place for place, c in enumerate(value, 1) if not _ANY.fullmatch(c)),
    )
