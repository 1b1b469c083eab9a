"""What came of looking at registers: only what all said that could be asked is that there is nothing."""

from itertools import combinations

import pytest

from bpa_service.cases.known.covering import Covered, registers
from shared_schemas.records import CoverageState

ALL = [frozenset(some) for count in range(7) for some in combinations(CoverageState, count)]


@pytest.mark.parametrize("states", ALL, ids=lambda one: "+".join(sorted(one)) or "nobody")
def test_only_what_all_have_said_is_nothing(states: frozenset[CoverageState]) -> None:
    found = registers(states, has_number=True)

    assert (found is Covered.DATA) is (CoverageState.DATA in states)
    only_empty = {CoverageState.EMPTY} <= states <= {CoverageState.EMPTY, CoverageState.NOT_COVERED}
    assert (found is Covered.EMPTY) is only_empty
    assert found is not Covered.DECLINED
    assert registers(states, has_number=False) is Covered.DECLINED
