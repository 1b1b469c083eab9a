"""What an answer lacks: it rests on something, passes nothing over, and is never clean over a contradiction."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.cases.deciding import completeness
from bpa_service.cases.deciding.completeness import Missing, Stated
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import Verdict


def stated(severity: FindingSeverity, *, chosen: bool = True, **more: bool) -> Stated:
    return Stated(severity=severity, chosen=chosen, **more)


C, A, U, OK = (stated(severity) for severity in FindingSeverity)
LEGAL: Final = stated(FindingSeverity.CONTRADICTION, explained=True)
FORGOTTEN: Final = stated(FindingSeverity.CONTRADICTION, chosen=False)
LEFT_OUT: Final = stated(FindingSeverity.CONTRADICTION, chosen=False, accounted=True)
LEGAL_AND_LEFT_OUT: Final = stated(
    FindingSeverity.CONTRADICTION, chosen=False, accounted=True, explained=True
)
OTHER: Final = stated(FindingSeverity.UNUSUAL, chosen=False, accounted=True)


def missing(
    verdict: Verdict, findings: list[Stated], not_covered: list[str], *, all_open: bool = False
) -> list[Missing]:
    return completeness.missing(
        verdict,
        findings,
        not_covered,
        blocking_task_open=all_open,
        check_open=all_open,
        second_opinion_open=all_open,
        original_awaited=all_open,
    )


@pytest.mark.parametrize(
    ("verdict", "findings", "not_covered", "expected"),
    [
        (Verdict.CLEAN, [], [], [Missing.FINDING_NEEDED]),
        (Verdict.CLEAN, [U], ["history"], [Missing.FINDING_NEEDED]),
        (Verdict.CLEAN, [OK, U], [], []),
        (Verdict.CLEAN, [OK, C], [], [Missing.CONTRADICTION_UNRESOLVED]),
        (Verdict.CLEAN, [OK, FORGOTTEN], [], [Missing.FINDING_LEFT_OUT, Missing.CONTRADICTION_UNRESOLVED]),
        (Verdict.CLEAN, [OK, LEFT_OUT], [], [Missing.CONTRADICTION_UNRESOLVED]),
        (Verdict.CLEAN, [OK, LEGAL], [], []),
        (Verdict.CLEAN, [OK, LEGAL_AND_LEFT_OUT], [], []),
        (Verdict.CLEAN, [OK, OTHER], [], []),
        (
            Verdict.CLEAN,
            [stated(FindingSeverity.CONFIRMED, chosen=False, accounted=True), U],
            [],
            [Missing.FINDING_NEEDED],
        ),
        (Verdict.DOUBTS, [], [], [Missing.FINDING_NEEDED]),
        (Verdict.DOUBTS, [OK], [], [Missing.FINDING_NEEDED]),
        (Verdict.DOUBTS, [U], [], []),
        (Verdict.DOUBTS, [OK, OTHER], [], [Missing.FINDING_NEEDED]),
        (Verdict.DOUBTS, [U, FORGOTTEN], [], [Missing.FINDING_LEFT_OUT]),
        (Verdict.FORGERY_SIGNS, [OK, A], [], []),
        (Verdict.FORGERY_SIGNS, [OK, LEGAL], [], [Missing.FINDING_NEEDED]),
        (Verdict.FORGERY_SIGNS, [], ["history"], [Missing.FINDING_NEEDED]),
        (Verdict.INSUFFICIENT_DATA, [], [], [Missing.NOT_COVERED_NEEDED]),
        (Verdict.INSUFFICIENT_DATA, [], ["the stamped number"], []),
        (Verdict.INSUFFICIENT_DATA, [FORGOTTEN], ["the stamped number"], [Missing.FINDING_LEFT_OUT]),
    ],
)
def test_a_verdict_rests_on_something_and_passes_nothing_over(
    verdict: Verdict, findings: list[Stated], not_covered: list[str], expected: list[Missing]
) -> None:
    assert missing(verdict, findings, not_covered) == expected


@given(
    st.lists(
        st.builds(
            Stated,
            severity=st.sampled_from(FindingSeverity),
            chosen=st.booleans(),
            explained=st.booleans(),
            accounted=st.booleans(),
        )
    )
)
def test_nothing_is_clean_over_a_contradiction(findings: list[Stated]) -> None:
    unexplained = any(one.severity is FindingSeverity.CONTRADICTION and not one.explained for one in findings)

    assert (Missing.CONTRADICTION_UNRESOLVED in missing(Verdict.CLEAN, findings, [])) is unexplained


def test_everything_that_is_missing_is_named() -> None:
    assert missing(Verdict.CLEAN, [FORGOTTEN], [], all_open=True) == [
        Missing.INFO_TASK_OPEN,
        Missing.CHECK_OPEN,
        Missing.SECOND_OPINION_OPEN,
        Missing.ORIGINAL_AWAITED,
        Missing.FINDING_LEFT_OUT,
        Missing.FINDING_NEEDED,
        Missing.CONTRADICTION_UNRESOLVED,
    ]
