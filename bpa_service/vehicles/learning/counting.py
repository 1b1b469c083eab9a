"""Counting VINs in the store, by how they begin: one pass in the order of the table, whatever its size."""

from collections import Counter, defaultdict
from typing import Final

from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.analytics import Analytics
from shared_schemas.vin import ALPHABET, CYCLE, FIRST_YEAR, REMAINDERS, VALUES, WEIGHTS, YEAR_CODES
from shared_schemas.vin.learned import FEWEST, PREFIXES, Counted
from shared_schemas.vin.names import makes_named

MOST_RULES: Final = 50_000
"""The beginnings of which most VINs are known: some 10 MB in each process that reads VINs."""
_MOST_MAKES: Final = 50  # of one code: records name each make in several spellings
# One thread, and blocks that are let go of soon: lookups go on beside it, and memory stays below 150 MB.
_SETTINGS: Final = """SETTINGS optimize_aggregation_in_order = 1, aggregation_in_order_max_block_bytes = 4000000,
    max_block_size = 8192, max_threads = 1, max_bytes_before_external_group_by = 200000000"""
_CHARACTERS: Final = "".join(sorted(ALPHABET))
_DIGITS: Final = "".join(str(VALUES[character]) for character in _CHARACTERS)
# The first year that a code means, as far from 0 as it is from a whole cycle: so no remainder is negative.
_FIRST: Final = FIRST_YEAR % CYCLE - CYCLE

# The year of a car is the one that more than half of its records name, where one does; the check digit is that of
# the law's computation.
_CARS: Final = f"""
    SELECT
        value AS vin,
        anyHeavy(year) AS dated_as,
        translate(vin, '{_CHARACTERS}', '{_DIGITS}') AS digits,
        modulo(
            arraySum(
                (place, weight) -> toUInt32(substring(digits, place, 1)) * weight,
                range(1, {len(WEIGHTS) + 1}), {list(WEIGHTS)}
            ), {len(REMAINDERS)}
        ) AS remainder,
        substring(vin, 9, 1) = substring('{REMAINDERS}', remainder + 1, 1) AS fits
    FROM {schema.RECORDS} WHERE name = 'vin' AND action = 'state' AND length(value) = 17
    GROUP BY value"""  # noqa: S608 - filled with tables of our own


def _is_year(position: int) -> str:
    """Whether the character at that place means the year, in any cycle, or one beside it."""
    place = f"position('{YEAR_CODES}', substring(vin, {position}, 1))"
    return f"{place} > 0 AND modulo(dated_as - ({_FIRST}) - ({place} - 1) + 1, {CYCLE}) <= 2"


def _different(position: int) -> str:
    """How many different characters stand there: a bit for each, so that nothing grows with the cars."""
    place = f"position('{_CHARACTERS}', substring(vin, {position}, 1))"
    return f"bitCount(groupBitOrIf(bitShiftLeft(toUInt64(1), {place}), dated_as > 0))"


_COUNTED: Final = f"""
    SELECT
        substring(vin, 1, length) AS prefix,
        count() AS vins,
        countIf(fits),
        countIf(dated_as > 0),
        countIf(dated_as > 0 AND {_is_year(10)}),
        countIf(dated_as > 0 AND {_is_year(11)}),
        {_different(10)},
        {_different(11)}
    FROM ({_CARS}) ARRAY JOIN {list(PREFIXES)} AS length
    GROUP BY prefix HAVING vins >= {FEWEST} ORDER BY vins DESC, prefix LIMIT {MOST_RULES}
    {_SETTINGS}"""  # noqa: S608 - the same

_MAKES: Final = f"""
    SELECT substring(value, 1, 3) AS code, toString(make) AS named, count() AS times FROM {schema.RECORDS}
    WHERE name = 'vin' AND action = 'state' AND length(value) = 17 AND make != ''
    GROUP BY code, named ORDER BY times DESC, named LIMIT {_MOST_MAKES} BY code
    {_SETTINGS}"""  # noqa: S608 - the same


async def counted(engine: Analytics) -> tuple[list[Counted], dict[str, Counter[str]]]:
    """What is counted of the VINs of the store, and the makes that records name by the maker's code.

    Raises `EngineAway` or `EngineRefused`.
    """
    groups = [Counted(*row) for row in await engine.rows(_COUNTED)]
    makes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for code, named, times in await engine.rows(_MAKES):
        makes[code].update(dict.fromkeys(makes_named(named), times))
    return groups, makes
