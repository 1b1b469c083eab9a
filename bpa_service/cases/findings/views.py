"""Findings as they go over the wire, and into the decisions that keep them."""

from bpa_service.cases.findings.models import Finding
from shared_schemas.events.bpa_v1 import FindingView
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
        explanation=finding.explanation,
        meaning=finding.meaning,
        to_do=finding.to_do,
    )
