"""Drafts as the API takes them."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator

from cabinet_service.inspections.core.schemas import nothing_for_empty
from cabinet_service.inspections.drafting.claims import ClaimIn
from service_kit.http.schemas import ApiInput, LongText

Worry = Annotated[LongText | None, BeforeValidator(nothing_for_empty)]


class NewInspection(ApiInput):
    claim: ClaimIn = ClaimIn()
    worry: Worry = None
    company_id: UUID | None = None
    branch_id: UUID | None = None


class InspectionPatch(ApiInput):
    claim: ClaimIn | None = None
    worry: Worry = None
