"""What this slice gives to cabinet's worker."""

from uuid import UUID

from shared_schemas.envelope import Work


class EraseAccount(Work):
    """Erase what hangs on an account, and see to its inspections. `company_ids`: of which it was a member."""

    TYPE = "cabinet.erase_account"
    account_id: UUID
    company_ids: tuple[UUID, ...]


class EraseInspection(Work):
    """Erase one inspection of an account that is being erased."""

    TYPE = "cabinet.erase_inspection"
    account_id: UUID
    inspection_id: UUID


class EraseHistory(Work):
    """Erase one ordered history of an account that is being erased."""

    TYPE = "cabinet.erase_history"
    account_id: UUID
    history_id: UUID


class CompleteErasure(Work):
    """Put down that an account is erased, once the search index has let go of its inspections too."""

    TYPE = "cabinet.complete_erasure"
    account_id: UUID


class MakeExport(Work):
    """Make an archive that a client asked for."""

    TYPE = "cabinet.make_export"
    export_id: UUID
