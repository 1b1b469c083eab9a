"""What this slice gives to bpa's worker."""

from uuid import UUID

from shared_schemas.envelope import Work


class ConfirmErasure(Work):
    """Tell cabinet that a case is erased, once the search index has let go of it too."""

    TYPE = "bpa.confirm_erasure"
    case_id: UUID
