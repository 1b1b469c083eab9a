"""Answers as the API speaks of them."""

from datetime import datetime

from cabinet_service.inspections.answers.models import Decision
from service_kit.http.schemas import ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef, FindingView
from shared_schemas.words import Verdict


class DecisionOut(ApiOutput):
    """A version of the answer. A preliminary one is a first word; the experts go on.

    `reason` is why it replaces an earlier one.
    """

    version: int
    preliminary: bool
    verdict: Verdict
    summary: str
    advice: str | None
    findings: tuple[FindingView, ...]
    not_covered: tuple[str, ...]
    expert: ExpertRef
    decided_at: datetime
    reason: str | None = None

    @classmethod
    def of(cls, version: Decision) -> "DecisionOut":
        return cls.model_validate({**version.body, "preliminary": version.preliminary})
