"""The makes of cars by the names that people write: `ВАЗ (LADA) 2107`, `мерседес бенц`, `SKODA`."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from shared_schemas.letters import cyrillic, folded, latin
from shared_schemas.vin.curated import CURATED
from shared_schemas.vin.listed import LISTED

# As people write them, beside the name itself. A name that is also a word for something else is left out.
_ALSO: Final = {
    "Alfa Romeo": "альфа ромео",
    "Audi": "ауди",
    "BAIC": "баик",
    "Bentley": "бентли",
    "Betamotor": "beta motor",
    "BMW": "бмв",
    "BYD": "",
    "Cadillac": "кадиллак, кадилак",
    "Changan": "чанган",
    "Chery": "чери, черри",
    "Chevrolet": "шевроле",
    "Chrysler": "крайслер",
    "Citroën": "ситроен",
    "Dacia": "дачия",
    "Daewoo": "дэу, деу, дэво",
    "Daihatsu": "дайхатсу",
    "Datsun": "датсун",
    "Dodge": "додж",
    "Dongfeng": "донгфенг, дунфэн",
    "Ducati": "дукати",
    "Exeed": "эксид",
    "FAW": "фав",
    "Ferrari": "феррари",
    "Fiat": "фиат",
    "Ford": "форд",
    "Freightliner": "фрейтлайнер",
    "GAC": "гак",
    "GAZ": "газ, газель",
    "Geely": "джили",
    "Genesis": "генезис, дженезис",
    "Great Wall": "грейт волл, грейт вол",
    "Harley-Davidson": "харлей, харлей дэвидсон, harley",
    "Haval": "хавал, хавейл",
    "Hino": "хино",
    "Honda": "хонда",
    "Hongqi": "хончи",
    "Hummer": "хаммер",
    "Hyundai": "хендай, хундай, хендэ, хэндэ, хёндэ, хюндай, hundai",
    "Infiniti": "инфинити, infinity",
    "Isuzu": "исузу, исудзу",
    "Iveco": "ивеко",
    "JAC": "джак",
    "Jaguar": "ягуар",
    "Jeep": "джип",
    "Jetour": "джетур",
    "KamAZ": "камаз",
    "Kawasaki": "кавасаки",
    "Kia": "киа",
    "Lada": "лада, ваз, vaz, автоваз, avtovaz, autovaz, жигули, zhiguli",
    "Lamborghini": "ламборджини, ламборгини",
    "Land Rover": "лэнд ровер, ленд ровер, ланд ровер, range rover, рэндж ровер, рендж ровер",
    "Lexus": "лексус",
    "Lifan": "лифан",
    "Lincoln": "линкольн",
    "Maserati": "мазерати",
    "MAZ": "маз",
    "Mazda": "мазда",
    "Mercedes-Benz": "mercedes, мерседес, мерседес бенц, мерс, daimlerchrysler",
    "MINI": "мини",
    "Mitsubishi": "мицубиси, митсубиси, митсубиши, мицубиши",
    "Moskvich": "москвич",
    "Nissan": "ниссан, нисан",
    "Omoda": "омода",
    "Opel": "опель",
    "Peugeot": "пежо",
    "Porsche": "порше",
    "Ravon": "равон",
    "Renault": "рено",
    "Rolls-Royce": "роллс ройс, ролс ройс",
    "Saab": "сааб",
    "Scania": "скания",
    "SEAT": "сеат",
    "Škoda": "шкода",
    "smart": "смарт",
    "SsangYong": "санг йонг, ссанг йонг, саньенг",
    "Subaru": "субару",
    "Suzuki": "сузуки",
    "Tenet": "тенет",
    "Tesla": "тесла",
    "Toyota": "тойота, тоёта",
    "UAZ": "уаз",
    "Volkswagen": "фольксваген, vw",
    "Volvo": "вольво",
    "Yamaha": "ямаха",
    "ZAZ": "заз",
}
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST_NAME: Final = 3
_READ_LATELY: Final = 2000


def _words(text: str) -> list[str]:
    """The words of a name in plain capitals: an Š is an S, whoever typed it; numbers are no part of a name."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(folded(bare))


_MAKES: Final = {
    "".join(_words(spelling)): make
    for make in sorted({*_ALSO, *(make for row in (*CURATED, *LISTED) for make in row.makes)})
    for spelling in (make, *filter(None, _ALSO.get(make, "").split(", ")))
}


@lru_cache(_READ_LATELY)
def makes_named(text: str) -> frozenset[str]:
    """The makes that somebody's words name: `ВАЗ (LADA) 2107` is Lada. Empty if none is known."""
    words = _words(text)
    found: set[str] = set()
    at = 0
    while at < len(words):
        # The longest name counts: a Land Rover is no Rover.
        for length in range(_LONGEST_NAME, 0, -1):
            run = "".join(words[at : at + length])
            named = _MAKES.get(latin(run)) or _MAKES.get(cyrillic(run))
            if named and at + length <= len(words):
                found.add(named)
                break
        else:
            length = 1
        at += length
    return frozenset(found)


def spellings_of(make: str) -> tuple[str, ...]:
    """A make as people write it, in either script: its name first."""
    return (make, *filter(None, _ALSO.get(make, "").split(", ")))
