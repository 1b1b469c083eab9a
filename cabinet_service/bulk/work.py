"""What this slice gives to cabinet's worker."""

from uuid import UUID

from shared_schemas.envelope import Work


class MakeBulkInspections(Work):
    """Make the inspections of a job's next rows."""

    TYPE = "cabinet.make_bulk_inspections"
    job_id: UUID
