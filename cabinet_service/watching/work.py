"""What this slice gives to cabinet's worker."""

from uuid import UUID

from shared_schemas.envelope import Work


class LookAtWatched(Work):
    """See whether there is anything new of a car that this person watches."""

    TYPE = "cabinet.look_at_watched"
    account_id: UUID
    inspection_id: UUID
