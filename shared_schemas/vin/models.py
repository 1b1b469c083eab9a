"""Models by the descriptor, of the makers whose key is known; of all others nothing is said.

AvtoVAZ's index of models is a part of the VIN, and the marks of later models are as constant; 14 published cars
agree. Of Volkswagen's concern only those types are here of which published cars or recalls name the model, and
only where `ZZZ` stands at 4 to 6, as in VINs for Europe: there 7 and 8 are the type.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from shared_schemas.letters import folded, latin

_READ_LATELY: Final = 2000
_LADA: Final = frozenset({"XTA", "X9L", "Y9L", "Y7C"})
_VOLKSWAGEN: Final = frozenset({"WVW", "WVG", "WV1", "WV2", "WV3", "WAU", "VSS", "XW8", "TMB"})
_FILLER: Final = "ZZZ"

# Codes of the descriptor, the models that they may be, and what else people write for the first of these.
_LADA_MODELS: Final = (
    ("2101 2102 2103 2104 2105 2106 2107", ("Lada 2101-2107",), "classic классика жигули zhiguli"),
    ("2108 2109 2113 2114 2115", ("Samara",), "самара"),
    ("2110 2111 2112", ("Lada 2110-2112",), "десятка"),
    ("2170 2171 2172", ("Priora",), "приора"),
    ("1117 1118 1119", ("Kalina",), "калина"),
    ("2190 2191", ("Granta",), "гранта"),
    ("2192 2194", ("Kalina", "Granta"), ""),
    ("2121 2123 2129 2131", ("Niva",), "нива"),
    ("1111 1113", ("Oka",), "ока"),
    ("GF", ("Vesta",), "веста"),
    ("GA", ("XRAY",), "иксрей"),
    ("FS RS KS", ("Largus",), "ларгус"),
)
_VOLKSWAGEN_MODELS: Final = (
    ("1K", ("Golf", "Jetta", "Scirocco", "Eos"), "гольф"),
    ("16", ("Jetta",), "джетта"),
    ("3B", ("Passat",), "пассат"),
    ("3C", ("Passat", "CC"), ""),
    ("5N", ("Tiguan",), "тигуан"),
    ("7P", ("Touareg",), "туарег"),
    ("70", ("Transporter", "Caravelle", "Multivan", "California", "T4"), "транспортер каравелла мультивен"),
    ("7H 7J", ("Transporter", "Caravelle", "Multivan", "California", "T5", "T6"), ""),
    ("2D", ("LT",), ""),
    ("2E 2F", ("Crafter",), "крафтер"),
    ("2H", ("Amarok",), "амарок"),
    ("4B 4F", ("A6", "S6", "RS6", "Allroad"), ""),
    ("4H", ("A8", "A8L", "S8"), ""),
    ("8R", ("Q5", "SQ5"), ""),
    ("8V", ("A3", "S3", "RS3"), ""),
    ("NH", ("Toledo", "Rapid"), ""),
)
_TOKEN: Final = re.compile(r"[^\W_]+")
_INDEX: Final = re.compile(r"[12]\d{3,5}")
_INDEX_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class Meant:
    """The models that a descriptor may be, and the positions of the VIN that say so."""

    names: frozenset[str]
    positions: tuple[int, ...]


Table = tuple[tuple[str, tuple[str, ...], str], ...]


def _by_code(table: Table) -> dict[str, frozenset[str]]:
    return {code: frozenset(names) for codes, names, _ in table for code in codes.split()}


def _by_word(table: Table) -> dict[str, frozenset[str]]:
    words: dict[str, frozenset[str]] = {}
    for _, names, others in table:
        for word in (*names, *others.split()):
            spelled = latin(folded(word))
            words[spelled] = words.get(spelled, frozenset()) | {word if word in names else names[0]}
    return words


_LADA_BY_CODE: Final = _by_code(_LADA_MODELS)
_VOLKSWAGEN_BY_CODE: Final = _by_code(_VOLKSWAGEN_MODELS)
_LADA_BY_WORD: Final = _by_word(_LADA_MODELS)
_VOLKSWAGEN_BY_WORD: Final = _by_word(_VOLKSWAGEN_MODELS)


def models_of(vin: str) -> Meant | None:
    """The models that the descriptor of a well-formed VIN may be; None where its key is not known."""
    if vin[:3] in _LADA:
        for length in (_INDEX_LENGTH, 2):
            if names := _LADA_BY_CODE.get(vin[3 : 3 + length]):
                return Meant(names, tuple(range(4, 4 + length)))
    if vin[:3] in _VOLKSWAGEN and vin[3:6] == _FILLER and (names := _VOLKSWAGEN_BY_CODE.get(vin[6:8])):
        return Meant(names, (7, 8))
    return None


@lru_cache(_READ_LATELY)
def models_named(vin_beginning: str, text: str) -> frozenset[str]:
    """The models of that maker that words name: `ВАЗ 21703 Приора` is Priora. Empty if none is known."""
    is_lada = vin_beginning in _LADA
    known = _LADA_BY_WORD if is_lada else _VOLKSWAGEN_BY_WORD
    found: frozenset[str] = frozenset()
    for word in _TOKEN.findall(latin(folded(text))):
        found |= known.get(word, frozenset())
        if is_lada and _INDEX.fullmatch(word):
            found |= _LADA_BY_CODE.get(word[:_INDEX_LENGTH], frozenset())
    return found
