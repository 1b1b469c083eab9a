"""What sources' words of a car mean, in whatever language and spelling, so that synonyms do not disagree.

A word that is in no table means nothing that can be compared: then nothing is held against anybody.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from shared_schemas.letters import folded

_WORD: Final = re.compile(r"[^\W\d_]+")
_READ_LATELY: Final = 2000
_CODE: Final = 2

Table = tuple[tuple[str, str], ...]


def _plain(text: str) -> str:
    return folded(text).casefold().replace("ё", "е")


def _by_stem(table: Mapping[str, str]) -> Table:
    """Beginnings of words with what they mean, the longest first."""
    pairs = [(_plain(stem), meaning) for meaning, stems in table.items() for stem in stems.split()]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


# By the beginnings of words in Russian, Ukrainian, English, French, Dutch and German.
_COLOURS: Final = _by_stem(
    {
        "white": "white off-white бел біл blanc wit weiss weiß перламутр ivory слонов creme cream кремов",
        "silver": "silver серебр срібл argent zilver silber",
        "grey": "grey gray серый серая серо темно-сер светло-сер сірий сіра gris grijs grau charcoal графит"
        " graphite стальн асфальт platinum титан",
        "black": "black черн чорн noir zwart schwarz onyx",
        "red": "red красн червон rouge rood rot рубин алый вишн",
        "burgundy": "burgundy бордо гранат maroon bordeaux",
        "pink": "pink розов рожев rose roze rosa фукси magenta",
        "orange": "orange оранж помаранч oranje",
        "yellow": "yellow желт жовт jaune geel gelb лимон",
        "gold": "gold золот doré dore goud champagne шампан",
        "beige": "beige беж sand песоч",
        "brown": "brown корич marron bruin braun bronze бронз",
        "green": "green зелен vert groen grün grun хаки olive олив",
        "turquoise": "turquoise бирюз aqua teal морск",
        "blue": "blue син голуб блакит bleu blauw blau",
        "violet": "violet purple фиолет фіолет paars violett lilac сирен баклаж",
    }
)
# Colours that one coat of paint may be called, by different people or in another light.
_ALIKE: Final = (
    "white silver", "white beige", "white yellow", "silver grey", "silver beige", "silver gold", "silver blue",
    "silver green", "silver brown", "grey black", "grey blue", "grey green", "grey beige", "grey gold",
    "grey brown", "grey violet", "black blue", "black violet", "black brown", "black green", "red burgundy",
    "red pink", "red orange", "red brown", "burgundy brown", "burgundy violet", "pink violet", "pink burgundy",
    "orange yellow", "orange gold", "orange brown", "yellow gold", "yellow beige", "gold beige", "gold brown",
    "gold green", "beige brown", "green turquoise", "green blue", "green yellow", "turquoise blue",
    "blue violet", "black burgundy", "gold orange",
)  # fmt: skip
_FUELS: Final = _by_stem(
    {
        "petrol": "petrol gasoline бензин benzin essence PE ES gas",
        "diesel": "diesel дизел gazole GO DI",
        "electric": "electr электр електр elektr EL",
        "hybrid": "hybrid гибрид гібрид hybride HY EH EE",
        "gas": "LPG CNG газ пропан метан gpl GN GP EG",
    }
)
_GEARBOXES: Final = _by_stem(
    {
        "manual": "manual механич мкпп мех handgeschakeld manuelle ручна schalt",
        "automatic": "automat автомат акпп вариат cvt tiptronic",
        "robot": "robot робот dsg роботиз",
    }
)
_DRIVES: Final = _by_stem(
    {
        "front": "front передн fwd",
        "rear": "rear задн rwd",
        "all": "all полн awd 4wd 4x4 quattro",
    }
)
_SIDES: Final = _by_stem({"left": "left лев лів gauche links", "right": "right прав droite rechts"})

_TABLES: Final = {
    "colour": _COLOURS,
    "fuel": _FUELS,
    "transmission": _GEARBOXES,
    "drive": _DRIVES,
    "steering": _SIDES,
}
_MAY_BE_BOTH: Final[Mapping[str, frozenset[frozenset[str]]]] = {
    "colour": frozenset(frozenset(pair.split()) for pair in _ALIKE),
    # Cars are converted to gas, a hybrid has a petrol or diesel engine, and some can be charged.
    "fuel": frozenset(
        frozenset(pair.split())
        for pair in (
            "petrol gas",
            "diesel gas",
            "petrol hybrid",
            "diesel hybrid",
            "hybrid gas",
            "electric hybrid",
        )
    ),
    "transmission": frozenset(frozenset(pair.split()) for pair in ("robot manual", "robot automatic")),
    "drive": frozenset(frozenset(pair.split()) for pair in ("all front", "all rear")),
}


@lru_cache(_READ_LATELY)
def meant(aspect: str, text: str) -> frozenset[str]:
    """What the words of `text` mean as this aspect; empty where no word is known."""
    table = _TABLES[aspect]
    found: set[str] = set()
    whole = _plain(text)
    for word in (*_WORD.findall(whole), *whole.split()):
        for stem, meaning in table:
            # A code of two letters is a code alone: GO is no beginning of GOLD.
            if word == stem or (len(stem) > _CODE and word.startswith(stem)):
                found.add(meaning)
                break
    return frozenset(found)


def can_be_one(aspect: str, one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two meanings may be of one car: they share one, or have two that are called by either name."""
    alike = _MAY_BE_BOTH.get(aspect, frozenset[frozenset[str]]())
    return any(a == b or frozenset({a, b}) in alike for a in one for b in other)
