"""What came of asking a source, and of looking at registers: one rule for the strip and the graph."""

from collections.abc import Collection
from enum import StrEnum

from shared_schemas.records import CoverageState


class Covered(StrEnum):
    """What came of asking a source. Only `empty` says that there is nothing, and only of what it holds.

    `declined`: what it would be asked with says nothing, e.g. a number that no car has, or no plate.
    """

    DATA = "data"
    EMPTY = "empty"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"


def registers(states: Collection[CoverageState], *, has_number: bool) -> Covered:
    """What came of looking at records of a car, by how the blocks stand at whoever was asked.

    `empty` only if all that could be asked has said so: one that failed, declines or still runs may have some.
    """
    if not has_number:
        return Covered.DECLINED
    if CoverageState.DATA in states:
        return Covered.DATA
    said = set(states) - {CoverageState.NOT_COVERED}
    return Covered.EMPTY if said == {CoverageState.EMPTY} else Covered.NOT_ASKED
