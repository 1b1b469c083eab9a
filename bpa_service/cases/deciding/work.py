"""What an answer gives to bpa's worker."""

from uuid import UUID

from shared_schemas.envelope import Work


class MakeReport(Work):
    """Make the report of this version of the answer, and of those before it that have none. Done again it makes
    none anew.
    """

    TYPE = "bpa.make_report"
    case_id: UUID
    version: int
