"""What is typed and how it is read, for the twin in TypeScript: `python -m tests.unit.vin.vectors` writes it."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from shared_schemas import vin
from shared_schemas.identifiers import read_identifier
from shared_schemas.vin.codes import CheckRule
from shared_schemas.vin.curated import CURATED
from shared_schemas.vin.facts import facts
from shared_schemas.words import IdentifierKind

FILE: Final = Path(__file__).resolve().parents[3] / "service_kit" / "web" / "vin" / "vectors.json"
_TYPED: Final = (
    *("", " ", "***", "V", "VIN", "VIN:", "VI N", "xta21", "sal1a2a40sa6"),
    *("XTA21099043576891", "*XTA21099043576891*", " XTA 210990 43576891 ", "XTA-210990-43576891"),
    *("XTA210990\n43576891", "ＸＴＡ２１０９９０４３５７６８９１", "\ufeffXTA210990\u200b43576891\u200e"),
    *("ХТА21099043576891", "хта21099043576891", "ХТЖ21099043576891", "XTA2O099Q4357689I"),
    *("VIN: X4X3A59450J024854", "вин № X4X3A59450J024854.", "VIN-номер X4X3A59450J024854"),
    *("VINX4X3A59450J024854", "Номер кузова: X4X3A59450J024854", "(x4x.3a5945.0j024854)", "VIN VIN X4X"),
    *(
        "X4X3A59410J024854",
        "1HGCM82633A004352",
        "1HGCM82633A004353",
        "7SA00000000000001",
        "7A300000000000001",
    ),
    *(
        "3VWZZZ1KZAM123456",
        "LVVDC21B0RD574965",
        "HJRPBGFB1RB168432",
        "5YJ3E1EA2KF317000",
        "1M8GDM9AXKP042788",
    ),
    *("VF7******AZ025918", "VWA***F24*100008", "JTDBM22E##0001009", "WVWZZZ1Kх8Wхххх13", "WVWZZZ1JZ3W3867*2"),
    *("00000KECx20xxxx97", "Y6DLF69Kх8Бхххх29", "x8Mxxxx04", "XTA210990435768910", "XTA2109904357689"),
    *("😀" * 17, "XTA21\x0099043576891", "XTA21\u202e099043576891", "\ud800", "ё", "ß", "ſ", "①", "İ", "ŉ"),
    *(
        "WVWZZZ1JZ3W386752\u0085",
        "\u001cWVWZZZ1JZ3W386752",
        "WVW\u00a0ZZZ1JZ3W386752",
        "WVWZZZ1JZ3W386752 .;:",
    ),
)
_PIECES: Final = "ABXZSV019IOQ -*.,:/_+№#?«»абвхсёжАВХСЖＡ０ー\u200b\u2013\u00a0\x00\u202e😀ß•…|()[]\n\t"
# What ends a word is not among them: which of several words is the number is the server's to say.
_BETWEEN: Final = [piece for piece in _PIECES if piece not in "?«»|()[]:#№"]
_SEED: Final = 20261129
_RANDOM: Final = 150


def typed() -> Iterator[str]:
    """What is read on both sides: what people type, a VIN of each plant with a check digit, and noise."""
    yield from _TYPED
    dice = random.Random(_SEED)
    computing = [code for row in CURATED if row.check is CheckRule.COMPUTED for code in row.codes.split()]
    for code in computing:
        yield f"{code}3A59450J024854"
    for _ in range(_RANDOM):
        yield "".join(dice.choice(_PIECES) for _ in range(dice.randrange(1, 24)))
        number = "".join(dice.choice(sorted(vin.ALPHABET)) for _ in range(vin.LENGTH))
        place = dice.randrange(vin.LENGTH)
        yield number[:place] + dice.choice(_BETWEEN) + number[place:]


def read(text: str) -> dict[str, Any]:
    """A vector: what the engine says of a text that is typed where a VIN is asked for."""
    reading = read_identifier(text, IdentifierKind.VIN)
    value = reading.value
    found = {issue.code: issue for issue in reading.issues}
    strange = found["vin_bad_character"].positions if "vin_bad_character" in found else ()
    return {
        "typed": text,
        "value": value,
        "repaired": [change.typed for change in reading.changes],
        "strange": list(dict.fromkeys(value[place - 1] for place in strange)),
        "missing": vin.LENGTH - len(value),
        "masked": "vin_masked" in found,
        "digit": _digit(value) if reading.vin_facts else None,
    }


def _digit(value: str) -> dict[str, Any] | None:
    digit = facts(value, this_year=None).check_digit
    if digit.rule not in {CheckRule.MANDATED, CheckRule.COMPUTED}:
        return None
    return {"found": digit.found, "computed": digit.computed, "mandated": digit.mandatory}


def written() -> str:
    """The file as it has to be."""
    vectors = [read(text) for text in dict.fromkeys(typed())]
    return "[\n" + ",\n".join(f"  {json.dumps(vector)}" for vector in vectors) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="ascii")
