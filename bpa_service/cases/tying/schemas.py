"""Tied cases as the API speaks of them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from bpa_service.cases.tying.queries import Tie
from service_kit.http.schemas import ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef


class TieOut(ApiOutput):
    """Who tied a case to this one, and when."""

    case_id: UUID
    by: ExpertRef
    at: datetime

    @classmethod
    def of(cls, case_id: UUID, tie: Tie) -> Self:
        """`case_id` is the other one."""
        return cls(case_id=case_id, by=ExpertRef(expert_id=tie.by, display_name=tie.by_name), at=tie.at)
