"""Whose code a VIN begins with: our own table first, then lists that agree, then the library, then nobody.

A code that is in none of them is not known, and then nothing is said: several makers share a code where cars are
built under contract, and most makers outside North America and China may do with position 10 as they please.
"""

import re
from functools import cache
from typing import Final

from shared_schemas.vin import orders_check_digit
from shared_schemas.vin.codes import Basis, CheckRule, Code
from shared_schemas.vin.curated import CURATED, GIVEN
from shared_schemas.vin.listed import LISTED
from shared_schemas.vin.names import makes_named

# Of the published VINs of Russia and its neighbours vininfo names 43 of 137 rightly and 24 wrongly, so it is not
# asked about their blocks; nor about R, where the one code that was looked at is missing. What it lists as all
# digits or with a leading zero stood on cars before there were VINs, and is no code.
_NOT_OF_THE_LIBRARY: Final = re.compile(r"[E0R]|X[S-W0-9]|[YZ][0-9]")


# A library names one make of a code. The plants of a concern build for each other, so it may be any of them.
_CONCERNS: Final = (
    frozenset({"Hyundai", "Kia", "Genesis"}),
    frozenset({"Toyota", "Lexus", "Scion", "Daihatsu"}),
    frozenset({"Honda", "Acura"}),
    frozenset({"Nissan", "Infiniti", "Datsun"}),
    frozenset({"Ford", "Lincoln", "Mercury"}),
    frozenset({"Chrysler", "Dodge", "Jeep", "RAM", "Plymouth"}),
    frozenset(
        {"Chevrolet", "GMC", "Buick", "Pontiac", "Cadillac", "Saturn", "Oldsmobile", "Opel", "Vauxhall"}
    ),
    frozenset({"Fiat", "Abarth", "Alfa Romeo", "Lancia"}),
    frozenset({"Peugeot", "Citroën", "DS"}),
    frozenset({"Renault", "Dacia"}),
    frozenset({"Mercedes-Benz", "smart", "Maybach"}),
    frozenset({"BMW", "MINI"}),
)


def _codes() -> dict[str, Code]:
    known = {code: Code(listed=True) for code in GIVEN}
    for rows, basis in ((LISTED, Basis.LISTED), (CURATED, Basis.CURATED)):
        for row in rows:
            makes = frozenset(row.makes)
            one = Code(
                makes=makes,
                basis=basis if makes else Basis.NOTHING,
                source=row.source,
                plant=row.plant,
                year=row.year,
                check=row.check,
                since=row.since,
                light=row.light,
                disputed=row.disputed,
                listed=True,
            )
            known.update(dict.fromkeys(row.codes.split(), one))
    return known


_KNOWN: Final = _codes()


@cache
def code_of(maker: str) -> Code:
    """What is known of the first three characters of a VIN; of most codes nothing is."""
    return _KNOWN.get(maker) or _of_library(maker)


def of_one_concern(makes: frozenset[str]) -> frozenset[str]:
    """These makes, and whatever the plants of their concerns build beside them."""
    return makes.union(*(concern for concern in _CONCERNS if makes & concern))


def is_given(maker: str) -> bool:
    """Whether this is known to be a maker's code. Many are in no table, so no is not a proof."""
    return code_of(maker).listed


def computes_check_digit(vin: str) -> bool:
    """Whether position 9 of a well-formed VIN is a check digit: by law, or by what is seen of its plant."""
    return orders_check_digit(vin) or code_of(vin[:3]).check is CheckRule.COMPUTED


def _of_library(maker: str) -> Code:
    # Imported by the first code that no table of ours has: it takes longer to load than all the rest of this.
    from vininfo.dicts.wmi import WMI  # pyright: ignore[reportMissingTypeStubs] - it has none

    entry = WMI.get(maker) or WMI.get(maker[:2])
    if entry is None or maker.isdigit() or maker[0] == "0":
        return Code()
    named = frozenset[str]() if _NOT_OF_THE_LIBRARY.match(maker) else makes_named(str(entry))
    makes = of_one_concern(named)
    return Code(makes=makes, basis=Basis.LIBRARY if makes else Basis.NOTHING, source="vininfo", listed=True)
