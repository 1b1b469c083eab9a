"""What an answer still lacks. Like `domain`: nothing here knows a database or a clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import Verdict


class Missing(StrEnum):
    """What keeps a decision from being final."""

    INFO_TASK_OPEN = "info_task_open"
    CHECK_OPEN = "check_open"
    SECOND_OPINION_OPEN = "second_opinion_open"
    FINDING_NEEDED = "finding_needed"
    CONTRADICTION_UNRESOLVED = "contradiction_unresolved"
    NOT_COVERED_NEEDED = "not_covered_needed"
    ORIGINAL_AWAITED = "original_awaited"
    FINDING_LEFT_OUT = "finding_left_out"


WEIGHTY: Final = frozenset({FindingSeverity.CONTRADICTION, FindingSeverity.ANOMALY})
"""What speaks against a car: it is not taken back without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A finding as a verdict weighs it.

    `explained`: it is so, but innocently. `accounted`: it is left out with a reason.
    """

    severity: FindingSeverity
    chosen: bool
    explained: bool = False
    accounted: bool = False


def missing(
    verdict: Verdict,
    findings: Sequence[Stated],
    not_covered: Collection[str],
    *,
    blocking_task_open: bool,
    check_open: bool,
    second_opinion_open: bool,
    original_awaited: bool,
) -> list[Missing]:
    """What an answer still lacks: nothing may be out that was asked for, no check that is required be open, no
    finding of the case be passed over, and the verdict must rest on something. A copy of a photo is nothing that
    an answer may rest on.

    Silence never reads as clean: that verdict needs something that was confirmed, and bears no contradiction,
    be it chosen or left out, unless that is explained. A suspicion needs something suspicious. Who says that the
    data do not suffice, says which.
    """
    found = [Missing.INFO_TASK_OPEN] if blocking_task_open else []
    found += [Missing.CHECK_OPEN] if check_open else []
    found += [Missing.SECOND_OPINION_OPEN] if second_opinion_open else []
    found += [Missing.ORIGINAL_AWAITED] if original_awaited else []
    passed_over = any(not (one.chosen or one.accounted) for one in findings)
    found += [Missing.FINDING_LEFT_OUT] if passed_over else []
    return found + _missing_for(verdict, findings, not_covered)


def contradicts(verdict: Verdict, findings: Sequence[Stated]) -> bool:
    """Whether the case says otherwise: nothing is clean over a contradiction that nobody has explained."""
    unexplained = {one.severity for one in findings if not one.explained}
    return verdict is Verdict.CLEAN and FindingSeverity.CONTRADICTION in unexplained


def _missing_for(verdict: Verdict, findings: Sequence[Stated], not_covered: Collection[str]) -> list[Missing]:
    rests_on = [one for one in findings if one.chosen]
    match verdict:
        case Verdict.CLEAN:
            confirmed = any(one.severity is FindingSeverity.CONFIRMED for one in rests_on)
            found = [] if confirmed else [Missing.FINDING_NEEDED]
            return found + ([Missing.CONTRADICTION_UNRESOLVED] if contradicts(verdict, findings) else [])
        case Verdict.DOUBTS | Verdict.FORGERY_SIGNS:
            # What is explained accuses nobody.
            suspicious = any(
                one.severity is not FindingSeverity.CONFIRMED and not one.explained for one in rests_on
            )
            return [] if suspicious else [Missing.FINDING_NEEDED]
        case Verdict.INSUFFICIENT_DATA:
            return [] if not_covered else [Missing.NOT_COVERED_NEEDED]
