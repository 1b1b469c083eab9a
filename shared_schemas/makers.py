"""What is known of the codes that VINs begin with: whose cars they are, and where their year stands.

A code that is not here is not known, and then nothing is said: several makers share a code where cars are built
under contract, and most makers outside North America and China may do with position 10 as they please.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from shared_schemas.letters import cyrillic, folded, latin


class YearPlace(Enum):
    """Where the makers of a code put the model year. `NOWHERE`: what stands at 10 is something else."""

    UNKNOWN = auto()
    NOWHERE = auto()
    AT_10 = auto()
    AT_11 = auto()


@dataclass(frozen=True, slots=True)
class Code:
    """What is known of a code; `makes` is empty where it is not certain whose cars it may stand for.

    `light` is whether all that it stands for are cars and light trucks, whose cycle position 7 tells in North
    America (49 CFR 565.15); buses, heavy trucks, trailers and motorcycles put there what they like.
    `check_digit` is whether the plant computes one although nobody orders it to.
    """

    makes: frozenset[str] = frozenset()
    year: YearPlace = YearPlace.UNKNOWN
    light: bool = False
    check_digit: bool = False


_VW = "the lists of codes of Wikipedia and OpenCars; 16 published cars of the group agree in the year"
_HYUNDAI = "the same lists; 17 published cars of the group agree in the year"
_MERCEDES = (
    "the same lists; the steering side stands at 10 in Europe: 2 of 9 published cars contradict a year"
)
_CHRYSLER = "the same lists; the makes of the group share their codes"
_US = "the same lists; 49 CFR 565 orders the year at 10, 8,621 published sales agree in position 7"
_BOOKS = "the same lists"

# Codes, makes, where the year stands, whether cars and light trucks only, and whence it is known. North America
# and China are ordered by law to have the year at 10, and need no word about it here.
_KNOWN: Final[tuple[tuple[str, str, YearPlace, bool, str], ...]] = (
    ("WVW WVG WV1 WV2", "Volkswagen", YearPlace.AT_10, False, _VW),
    ("WAU WA1 WUA TRU", "Audi", YearPlace.AT_10, False, _VW),
    ("TMB", "Škoda", YearPlace.AT_10, False, _VW),
    ("VSS", "SEAT, Cupra", YearPlace.AT_10, False, _VW + ", none of them a SEAT"),
    ("XW8", "Volkswagen, Škoda, Audi", YearPlace.AT_10, False, "published cars of Kaluga: Škoda 4, Volkswagen 3"),
    ("WP0 WP1", "Porsche", YearPlace.UNKNOWN, False, _BOOKS),
    ("WBA WBS WBY", "BMW, Alpina", YearPlace.UNKNOWN, False, _BOOKS + "; 9 published BMWs, some with 0 at 10"),
    ("WMW", "MINI, BMW", YearPlace.UNKNOWN, False, _BOOKS),
    ("WDB WDC WDD WDF W1K W1N W1V", "Mercedes-Benz, Maybach, smart", YearPlace.NOWHERE, False, _MERCEDES),
    ("WME", "smart, Mercedes-Benz", YearPlace.NOWHERE, False, _MERCEDES),
    ("WEB", "", YearPlace.NOWHERE, False, _MERCEDES),
    ("W0L", "Opel, Vauxhall, Holden, Chevrolet, Buick, Subaru", YearPlace.AT_10, False, "5 published cars agree"),
    ("WF0", "Ford, Mazda", YearPlace.AT_11, False, "Ford's key of its European VINs; one published car agrees"),
    ("X9F Z6F", "Ford", YearPlace.AT_11, False, "10 published cars of the Russian plants; the same key"),
    ("SFA VS6 TW2 UN1 MAJ", "", YearPlace.AT_11, False, "the same key; several makers share these codes"),
    ("SAL", "Land Rover", YearPlace.UNKNOWN, False, _BOOKS + "; 6 published cars"),
    ("SAJ", "Jaguar, Daimler", YearPlace.UNKNOWN, False, _BOOKS + "; 3 published cars"),
    ("SCA SCB", "Rolls-Royce, Bentley", YearPlace.UNKNOWN, False, _BOOKS + "; 5 published cars"),
    ("SB1", "Toyota, Daihatsu, Suzuki", YearPlace.UNKNOWN, False, _BOOKS),
    ("SHH SHS JHM", "Honda, Acura", YearPlace.UNKNOWN, False, _BOOKS + "; 3 published cars"),
    ("SJN JN1 JN8", "Nissan, Infiniti, Datsun", YearPlace.UNKNOWN, False, _BOOKS + "; 6 published cars"),
    ("JMB JMY", "Mitsubishi", YearPlace.UNKNOWN, False, _BOOKS + "; 2 published cars"),
    ("JMZ", "Mazda", YearPlace.NOWHERE, False, _BOOKS + "; recalls doubt the year, no car proves it"),
    ("JF1 JF2", "Subaru, Toyota, Scion, Saab", YearPlace.UNKNOWN, False, _BOOKS + "; 6 published cars"),
    ("JTD JTE JTM JTN", "Toyota, Lexus, Scion, Daihatsu, Suzuki, Subaru", YearPlace.UNKNOWN, False, _BOOKS),
    ("JTH JTJ", "Lexus, Toyota", YearPlace.UNKNOWN, False, _BOOKS + "; 4 published cars"),
    ("KMH", "Hyundai, Genesis, Dodge", YearPlace.AT_10, False, _HYUNDAI),
    ("KNA KND KNE", "Kia, Hyundai", YearPlace.AT_10, False, _HYUNDAI),
    ("Z94 XWE", "Hyundai, Kia, Genesis", YearPlace.AT_10, False, "13 published cars of the Russian plants"),
    ("VF1", "Renault, Dacia, Nissan, Opel, Vauxhall", YearPlace.NOWHERE, False, "4 published cars contradict it"),
    ("UU1", "Dacia, Renault, Nissan", YearPlace.NOWHERE, False, _BOOKS + "; recalls doubt the year"),
    ("VF3", "Peugeot", YearPlace.UNKNOWN, False, _BOOKS + "; 2 published cars"),
    ("VF7", "Citroën, DS", YearPlace.UNKNOWN, False, _BOOKS + "; 2 published cars"),
    ("ZAR", "Alfa Romeo", YearPlace.UNKNOWN, False, _BOOKS + "; 3 published cars"),
    ("ZFF", "Ferrari", YearPlace.UNKNOWN, False, _BOOKS),
    ("ZHW", "Lamborghini", YearPlace.UNKNOWN, False, _BOOKS),
    ("YV1 YV4", "Volvo", YearPlace.UNKNOWN, False, _BOOKS),
    ("WMA TYB JL5 JL6", "", YearPlace.NOWHERE, False, "MAN and Fuso: build dates of recalls doubt a year at 10"),
    ("XTA", "Lada", YearPlace.AT_10, False, "answers of the road police; 6 published cars agree in the year"),
    ("X9L", "Chevrolet, Lada", YearPlace.AT_10, False, "GM-AvtoVAZ: 2 published cars, sold under both makes"),
    ("XTT", "UAZ", YearPlace.AT_10, False, "the same lists; 3 published cars agree in the year"),
    ("XWF", "Opel, Chevrolet, Cadillac", YearPlace.AT_10, False, "Avtotor: 4 published cars, 2 with the year"),
    ("XUF", "Opel, Chevrolet, Cadillac", YearPlace.UNKNOWN, False, "GM, St Petersburg: 3 published cars"),
    ("X7L", "Renault, Nissan, Dacia", YearPlace.UNKNOWN, False, "Avtoframos: 3 published cars"),
    ("Z8N", "Nissan, Datsun, Infiniti", YearPlace.NOWHERE, False, "2 of 6 published cars contradict a year"),
    ("Z8T", "Mitsubishi, Peugeot, Citroën", YearPlace.UNKNOWN, False, "PSMA, Kaluga: 4 published cars"),
    ("XW7", "Toyota, Lexus", YearPlace.UNKNOWN, False, "2 published cars of St Petersburg, with 0 at 10"),
    ("Z8U", "SsangYong", YearPlace.UNKNOWN, False, "2 published cars of Vladivostok"),
    ("XZG LGW", "Haval, Great Wall, Tank, Wey, Ora", YearPlace.UNKNOWN, False, "2 published cars"),
    ("LVV LVT", "Chery, Omoda, Jaecoo, Exeed, Jetour, Tenet, Vortex", YearPlace.UNKNOWN, False, "4 published"),
    ("1FA 1FM 1FT 3FA 3FM", "Ford", YearPlace.UNKNOWN, True, _US),
    ("5LM", "Lincoln", YearPlace.UNKNOWN, True, _US),
    ("1G6 1GY 3GY", "Cadillac", YearPlace.UNKNOWN, True, _US),
    ("1HG 2HG 2HJ 2HK 5FN 5J6 5J8 19U 4W5", "Honda, Acura", YearPlace.UNKNOWN, True, _US),
    ("1N4 5N1", "Nissan, Infiniti", YearPlace.UNKNOWN, True, _US),
    ("4T1 4T3 4T4 5TD 2T1 2T2 2T3", "Toyota, Lexus", YearPlace.UNKNOWN, True, _US),
    ("3VW 3VV 1VW", "Volkswagen", YearPlace.UNKNOWN, True, _US),
    ("1C4 3C4 2B3", "Chrysler, Jeep, Dodge, RAM, Fiat, Lancia", YearPlace.UNKNOWN, True, _CHRYSLER),
    ("5NP 5NM 5XY 3KP KM8", "Hyundai, Kia, Genesis", YearPlace.AT_10, True, _HYUNDAI),
    ("4S3 4S4", "Subaru", YearPlace.UNKNOWN, True, _US),
    ("4US 5UX", "BMW", YearPlace.UNKNOWN, True, _US),
    ("4JG", "Mercedes-Benz", YearPlace.UNKNOWN, True, _US),
    ("5YJ 7SA", "Tesla", YearPlace.UNKNOWN, True, _US),
)  # fmt: skip

# Plants outside North America and China whose published numbers all have a check digit that fits: of X4X three,
# of XW7, Y4K, EC3 two, of XZG, EDE, EDX one.
_WITH_CHECK_DIGIT: Final = frozenset({"X4X", "XW7", "Y4K", "XZG", "EC3", "EDE", "EDX"})

# As people write them, beside the name itself. A name that is also a word for something else is left out.
_ALSO: Final = {
    "Alfa Romeo": "альфа ромео",
    "Audi": "ауди",
    "Bentley": "бентли",
    "BMW": "бмв",
    "Cadillac": "кадиллак, кадилак",
    "Chery": "чери, черри",
    "Chevrolet": "шевроле",
    "Chrysler": "крайслер",
    "Citroën": "ситроен",
    "Dacia": "дачия",
    "Daewoo": "дэу, деу, дэво",
    "Datsun": "датсун",
    "Dodge": "додж",
    "Exeed": "эксид",
    "Ferrari": "феррари",
    "Fiat": "фиат",
    "Ford": "форд",
    "GAZ": "газ, газель",
    "Geely": "джили",
    "Genesis": "генезис, дженезис",
    "Great Wall": "грейт волл, грейт вол",
    "Haval": "хавал, хавейл",
    "Honda": "хонда",
    "Hyundai": "хендай, хундай, хендэ, хэндэ, хёндэ, хюндай, hundai",
    "Infiniti": "инфинити, infinity",
    "Jaguar": "ягуар",
    "Jeep": "джип",
    "Jetour": "джетур",
    "KamAZ": "камаз",
    "Kia": "киа",
    "Lada": "лада, ваз, vaz, автоваз, avtovaz, autovaz, жигули, zhiguli",
    "Lamborghini": "ламборджини, ламборгини",
    "Land Rover": "лэнд ровер, ленд ровер, ланд ровер, range rover, рэндж ровер, рендж ровер",
    "Lexus": "лексус",
    "Lincoln": "линкольн",
    "Mazda": "мазда",
    "Mercedes-Benz": "mercedes, мерседес, мерседес бенц, мерс",
    "MINI": "мини",
    "Mitsubishi": "мицубиси, митсубиси, митсубиши, мицубиши",
    "Moskvich": "москвич",
    "Nissan": "ниссан, нисан",
    "Omoda": "омода",
    "Opel": "опель",
    "Peugeot": "пежо",
    "Porsche": "порше",
    "Renault": "рено",
    "Rolls-Royce": "роллс ройс, ролс ройс",
    "Saab": "сааб",
    "SEAT": "сеат",
    "Škoda": "шкода",
    "smart": "смарт",
    "SsangYong": "санг йонг, ссанг йонг, саньенг",
    "Subaru": "субару",
    "Suzuki": "сузуки",
    "Tesla": "тесла",
    "Toyota": "тойота, тоёта",
    "UAZ": "уаз",
    "Volkswagen": "фольксваген, vw, volkswagen",
    "Volvo": "вольво",
    "ZAZ": "заз",
}
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST_NAME: Final = 3


def _words(text: str) -> list[str]:
    """The words of a name in plain capitals: an Š is an S, whoever typed it; numbers are no part of a name."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(folded(bare))


def _codes() -> dict[str, Code]:
    known: dict[str, Code] = {}
    for codes, makes, year, light, _source in _KNOWN:
        names = frozenset(makes.split(", ")) - {""}
        for code in codes.split():
            known[code] = Code(names, year, light, code in _WITH_CHECK_DIGIT)
    for code in _WITH_CHECK_DIGIT - known.keys():
        known[code] = Code(check_digit=True)
    return known


_CODES: Final = _codes()
_NAMES: Final = {
    "".join(_words(spelling)): make
    for make in {*_ALSO, *(make for code in _CODES.values() for make in code.makes)}
    for spelling in (make, *filter(None, _ALSO.get(make, "").split(", ")))
}


# Codes that are given, and of which no more is known than that: from published cars that begin with them.
_GIVEN: Final = frozenset(
    {
        *("EBK", "EC3", "EDA", "EDE", "EDX", "RUM", "X1W", "X4X", "X6D", "X7M", "X89", "X90", "X96", "X9H"),
        *("X9P", "XD2", "XTC", "XTH", "XTK", "XU3", "XUS", "XUU", "XWB", "XWK", "Y39", "Y3B", "Y3H", "Y3M"),
        *("Y4K", "Y6D", "Y9L", "Z0W", "Z88", "Z9M", "HJR", "L6T", "LB3", "LC0", "LGX", "LJ1", "LNB", "LRW"),
        *("LS4", "LS5", "LSJ", "LZW", "19V", "3TY", "4A3", "4A4", "7SY", "SDP", "SMZ", "SNT", "TAP"),
    }
)
# Plants outside North America and China whose published cars fit the check digit, all of them.
COMPUTE_CHECK_DIGIT: Final = frozenset({"X4X", "XW7", "XZG", "Y4K"})


def is_given(maker: str) -> bool:
    """Whether this is known to be a maker's code. Many are in no table, so no is not a proof."""
    return maker in _CODES or maker in _GIVEN


def code_of(maker: str) -> Code:
    """What is known of the first three characters of a VIN; of most codes nothing is."""
    return _CODES.get(maker, Code())


def makes_named(text: str) -> frozenset[str]:
    """The makes that somebody's words name: `ВАЗ (LADA) 2107` is Lada. Empty if none is known."""
    words = _words(text)
    runs = [
        "".join(words[at : at + length]) for length in range(1, _LONGEST_NAME + 1) for at in range(len(words))
    ]
    spellings = {spelled(run) for run in runs for spelled in (latin, cyrillic)}
    return frozenset(_NAMES[one] for one in spellings if one in _NAMES)
