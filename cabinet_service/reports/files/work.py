"""What this slice gave to cabinet's worker before files had a lane of their own."""

from uuid import UUID

from cabinet_service.reports.pdf.laying_out import Form
from shared_schemas.envelope import Work
from shared_schemas.report.content import ReportLanguage


class MakeReportFile(Work):
    """A file is to be made. Processes of the last release still say so: it goes a release after them."""

    TYPE = "cabinet.make_report_file"
    report_id: UUID
    language: ReportLanguage
    form: Form
