"""Reason codes: why a verdict is what it is, for systems that file it. A code once given keeps its meaning."""

from enum import StrEnum
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.report.content import Report, ReportKind
from shared_schemas.words import Verdict


class ReasonCode(StrEnum):
    """The letter is the verdict, the digit how much weighs what speaks against the car and is not explained: 0
    nothing that weighs, 1 an anomaly, 2 a contradiction. `docs/reason-codes.md` says what to do with each.
    """

    CLEAN = "C0-CLEAN"
    CLEAN_ANOMALY = "C1-ANOMALY"
    CLEAN_CONTRADICTION = "C2-CONTRADICTION"
    DOUBTS = "D0-DOUBTS"
    DOUBTS_ANOMALY = "D1-ANOMALY"
    DOUBTS_CONTRADICTION = "D2-CONTRADICTION"
    SIGNS = "F0-SIGNS"
    SIGNS_ANOMALY = "F1-ANOMALY"
    SIGNS_CONTRADICTION = "F2-CONTRADICTION"
    INSUFFICIENT = "N0-DATA"
    INSUFFICIENT_ANOMALY = "N1-ANOMALY"
    INSUFFICIENT_CONTRADICTION = "N2-CONTRADICTION"
    RECORDS = "H0-RECORDS"
    AWAITED = "W0-AWAITED"


_BY_WEIGHT: Final = {
    Verdict.CLEAN: (ReasonCode.CLEAN, ReasonCode.CLEAN_ANOMALY, ReasonCode.CLEAN_CONTRADICTION),
    Verdict.DOUBTS: (ReasonCode.DOUBTS, ReasonCode.DOUBTS_ANOMALY, ReasonCode.DOUBTS_CONTRADICTION),
    Verdict.FORGERY_SIGNS: (ReasonCode.SIGNS, ReasonCode.SIGNS_ANOMALY, ReasonCode.SIGNS_CONTRADICTION),
    Verdict.INSUFFICIENT_DATA: (
        ReasonCode.INSUFFICIENT,
        ReasonCode.INSUFFICIENT_ANOMALY,
        ReasonCode.INSUFFICIENT_CONTRADICTION,
    ),
}
_WEIGHTS: Final = {FindingSeverity.ANOMALY: 1, FindingSeverity.CONTRADICTION: 2}


def reason_of(report: Report) -> ReasonCode:
    """Why the verdict of this report is what it is."""
    decision = report.decision
    if decision is None:
        return ReasonCode.RECORDS if report.kind is ReportKind.VEHICLE else ReasonCode.AWAITED
    weight = max(
        (_WEIGHTS.get(one.severity, 0) for one in decision.findings if not one.explanation), default=0
    )
    return _BY_WEIGHT[decision.verdict][weight]
