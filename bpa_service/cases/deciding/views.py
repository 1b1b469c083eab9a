"""Decisions as they go over the wire."""

from bpa_service.cases.deciding.models import Decision
from shared_schemas.events.bpa_v1 import DecisionView, ExpertRef, FindingView


def decision_view(decision: Decision, author: ExpertRef) -> DecisionView:
    """A decision, with its findings as they were when it was given."""
    return DecisionView(
        version=decision.version,
        verdict=decision.verdict,
        summary=decision.summary,
        advice=decision.advice,
        findings=tuple(FindingView.model_validate(frozen) for frozen in decision.findings),
        not_covered=tuple(decision.not_covered),
        expert=author,
        decided_at=decision.decided_at,
        reason=decision.reason,
    )
