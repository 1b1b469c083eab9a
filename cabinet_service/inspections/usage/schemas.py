"""What a month came to, as the API speaks of it."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from cabinet_service.accounts.domain import AtLimit
from cabinet_service.inspections.usage.allowing import Allowed
from cabinet_service.inspections.usage.queries import Counts
from service_kit.http.schemas import ApiOutput
from shared_schemas.words import Verdict


class RegisterFormat(StrEnum):
    """`csv`: UTF-8 with a byte order mark; between cells a semicolon in Russian, a comma in English."""

    CSV = "csv"
    XLSX = "xlsx"


class AllowanceOut(ApiOutput):
    """What the month allows the company (`branch_id` null) or a branch; `left` is null without a limit."""

    branch_id: UUID | None
    name: str
    monthly_limit: int | None
    at_limit: AtLimit
    used: int
    left: int | None

    @classmethod
    def of(cls, allowed: Allowed) -> "AllowanceOut":
        limit, allowance = allowed
        return cls(
            branch_id=limit.branch_id,
            name=limit.name,
            monthly_limit=allowance.limit,
            at_limit=allowance.at_limit,
            used=allowance.used,
            left=allowance.left,
        )


class UsageRow(ApiOutput):
    """What one person ordered for one branch, or (null) for the company itself.

    `name` is what they were called when they ordered; null where they had no name, or have erased their account.
    `counted` leaves out what ended without an answer, and what the photos did not suffice for.
    """

    branch_id: UUID | None
    account_id: UUID
    name: str | None
    sent: int
    counted: int
    answered: int
    verdicts: Annotated[
        dict[Verdict, int], Field(description="Of the answers; what did not occur is left out.")
    ]

    @classmethod
    def of(cls, counts: Counts) -> "UsageRow":
        return cls(**counts._asdict())


class UsageOut(ApiOutput):
    """A month by branch and person, the most first."""

    month: str
    rows: list[UsageRow]


class AllowancesOut(ApiOutput):
    """What is left of the month that it is now."""

    month: str
    allowances: list[AllowanceOut]
