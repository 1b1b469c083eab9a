"""Findings and decisions as they go over the wire, and into the decisions that keep them."""

from bpa_service.cases.models import Decision, Finding
from shared_schemas.events.bpa_v1 import DecisionView, ExpertRef, FindingView
from shared_schemas.evidence import PlaceOnEvidence, Region


def finding_view(finding: Finding) -> FindingView:
    """A finding as it is now; its places have to be loaded."""
    return FindingView(
        finding_id=finding.id,
        severity=finding.severity,
        text=finding.text,
        places=tuple(
            PlaceOnEvidence(
                evidence_id=place.evidence_id,
                region=Region.model_validate(place.region) if place.region else None,
            )
            for place in finding.places
        ),
        record_ref=finding.record_ref,
        rule_ref=finding.rule_ref,
    )


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
    )
