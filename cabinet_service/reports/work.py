"""What this slice gives to cabinet's worker."""

from uuid import UUID

from shared_schemas.envelope import Work


class FetchReport(Work):
    """Fetch a report that the experts' side has announced. `sha256` is the digest that it announced."""

    TYPE = "cabinet.fetch_report"
    report_id: UUID
    inspection_id: UUID
    sha256: str


class FetchHistory(Work):
    """The same of the report of a history that was ordered without an inspection."""

    TYPE = "cabinet.fetch_history"
    report_id: UUID
    history_id: UUID
    sha256: str
