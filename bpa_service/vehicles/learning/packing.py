"""Rules as bytes, and back. Bytes of another form are none."""

import json
import zlib
from typing import Final

from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.learned import Learned, Rule

_FORM: Final = 1


def packed(learned: Learned) -> bytes:
    """The rules, as small as may be."""
    rows = [
        [
            rule.prefix,
            rule.check,
            rule.check_support,
            round(rule.check_confidence, 4),
            rule.year,
            rule.year_support,
            round(rule.year_confidence, 4),
            sorted(rule.makes),
        ]
        for rule in learned.rules.values()
    ]
    return zlib.compress(json.dumps([_FORM, rows], ensure_ascii=False).encode())


def unpacked(kept: bytes) -> Learned:
    """The rules that were packed; none where another version of the program packed them otherwise."""
    form, rows = json.loads(zlib.decompress(kept))
    if form != _FORM:
        return Learned()
    rules = (
        Rule(
            prefix,
            CheckRule(check),
            check_support,
            check_confidence,
            YearPlace(year),
            year_support,
            year_confidence,
            frozenset(makes),
        )
        for prefix, check, check_support, check_confidence, year, year_support, year_confidence, makes in rows
    )
    return Learned({rule.prefix: rule for rule in rules})
