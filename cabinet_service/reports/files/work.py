"""What this slice gives to cabinet's worker."""

from uuid import UUID

from cabinet_service.reports.pdf.laying_out import Form
from shared_schemas.envelope import Work
from shared_schemas.report.content import ReportLanguage


class MakeReportFile(Work):
    """Make the PDF of a report that was asked for."""

    TYPE = "cabinet.make_report_file"
    report_id: UUID
    language: ReportLanguage
    form: Form
