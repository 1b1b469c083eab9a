"""A report as bpa gives it to cabinet."""

from uuid import UUID

from pydantic import JsonValue, RootModel


class ReportBody(RootModel[dict[str, JsonValue]]):
    """The JSON of a `shared_schemas.report.content.Report` as it was made.

    It is no model of the fields: its digest is of all that was sent, also of what the reader does not know.
    """


def target_of(report_id: UUID) -> str:
    """Where bpa has it."""
    return f"/internal/v1/reports/{report_id}"
