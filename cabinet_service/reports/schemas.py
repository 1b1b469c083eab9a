"""Reports as the API speaks of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field

from cabinet_service.companies.logos.schemas import LogoOut
from cabinet_service.inspections.answers.queries import Given
from cabinet_service.reports.models import KeptReport
from service_kit.http.schemas import ApiOutput
from shared_schemas.report.presented import Presented, Section
from shared_schemas.words import Verdict


class ReportVersionOut(ApiOutput):
    """The report of a version of the answer, and what it is verified by: the digest of its content (SHA-256, in
    hex) and its code. `replaces` is the version before it; only the newest stands, and its report may be on its
    way.
    """

    version: int
    report_id: UUID
    sha256: str
    code: str
    made_at: datetime
    replaces: int | None
    is_newest: bool

    @classmethod
    def of(cls, kept: KeptReport, given: Sequence[Given]) -> "ReportVersionOut":
        """`given` are the versions of the answer, the newest one last."""
        return cls(
            version=kept.version,
            report_id=kept.report_id,
            sha256=kept.sha256,
            code=kept.code,
            made_at=kept.made_at,
            replaces=kept.body["replaces"],
            is_newest=not any(one.version > kept.version for one in given),
        )


class EarlierCheckOut(ApiOutput):
    """A check of the same car, and what its newest answer says."""

    inspection_id: UUID
    number: str
    verdict: Verdict
    decided_at: datetime


class ComparisonOut(ApiOutput):
    """What an answer says otherwise than `earlier`, in words: verdict, findings, and records that are new."""

    earlier: EarlierCheckOut
    section: Section


class ReportOut(ReportVersionOut):
    """A report as it is read, and what it is verified by."""

    presented: Presented
    logo: LogoOut | None = Field(description="Of the company in whose name it was ordered.")
