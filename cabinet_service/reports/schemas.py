"""Reports as the API speaks of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cabinet_service.reports.models import KeptReport
from service_kit.http.schemas import ApiOutput
from shared_schemas.report.presented import Presented


class ReportVersionOut(ApiOutput):
    """The report of a version of the answer, and what it is verified by: the digest of its content (SHA-256, in
    hex) and its code. `replaces` is the version before it; only the newest stands.
    """

    version: int
    report_id: UUID
    sha256: str
    code: str
    made_at: datetime
    replaces: int | None
    is_newest: bool

    @classmethod
    def of(cls, kept: KeptReport, reports: Sequence[KeptReport]) -> "ReportVersionOut":
        """`reports` are all of its subject, the newest one last."""
        return cls(
            version=kept.version,
            report_id=kept.report_id,
            sha256=kept.sha256,
            code=kept.code,
            made_at=kept.made_at,
            replaces=kept.body["replaces"],
            is_newest=kept.version == reports[-1].version,
        )


class ReportOut(ReportVersionOut):
    """A report as it is read, and what it is verified by."""

    presented: Presented
