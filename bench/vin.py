"""Reading VINs against vininfo, which names makers, years and check digits of them too. Goal: a third.

Once what its constructor does against ours, each with its check of the form; and once all that both of them say
of a VIN. Every conclusion with its grounds, which it has none of, may take half as long again as what it says.
Half of the VINs are of codes that our tables have, the other half begins with whatever.
"""

from collections.abc import Callable
from random import Random
from typing import Final

from vininfo import Vin  # pyright: ignore[reportMissingTypeStubs] - it has none

from bench.harness import Figure, compare
from shared_schemas import vin
from shared_schemas.vin.conclusions import conclusions
from shared_schemas.vin.curated import CURATED
from shared_schemas.vin.facts import facts

VINS: Final = 2000
GOAL: Final = 3.0
THIS_YEAR: Final = 2026


def numbers() -> list[str]:
    """As many as are read in a round, the same in each."""
    dice, letters = Random(1), sorted(vin.ALPHABET)
    codes = [code for row in CURATED for code in row.codes.split()]
    starts = [dice.choice(codes) if at % 2 else "".join(dice.choices(letters, k=3)) for at in range(VINS)]
    return [start + "".join(dice.choices(letters, k=14)) for start in starts]


def _library(number: str) -> None:
    read = Vin(number)
    _ = (read.manufacturer, read.region, read.country, read.years, read.verify_checksum())


def _engine(number: str) -> None:
    if vin.is_well_formed(number):
        known = facts(number, this_year=THIS_YEAR)
        _ = (known.makes, known.region, known.plant, known.model_years, known.check_digit)


def _constructed(number: str) -> None:
    if vin.is_well_formed(number):
        facts(number, this_year=THIS_YEAR)


def _concluded(number: str) -> None:
    conclusions(facts(number, this_year=THIS_YEAR))


def run() -> list[Figure]:
    told = numbers()

    def each(read: Callable[[str], object]) -> Callable[[], None]:
        def all_of_them() -> None:
            for number in told:
                read(number)

        return all_of_them

    def against(name: str, baseline: Callable[[str], object], product: Callable[[str], object]) -> Figure:
        return compare(
            f"{VINS} VINs, {name}, in time of vininfo",
            baseline=each(baseline),
            product=each(product),
            at_most=1 / GOAL,
        )

    return [
        against("parsed", Vin, _constructed),
        against("with all that both say", _library, _engine),
        compare(
            f"{VINS} VINs with every conclusion, in time of vininfo",
            baseline=each(_library),
            product=each(_concluded),
            at_most=1.5,
        ),
    ]
