"""Bodies of the API of one's own data."""

from datetime import datetime
from uuid import UUID

from cabinet_service.privacy.models import Export, ExportState
from service_kit.http.schemas import ApiOutput


class ExportOut(ApiOutput):
    """`size_bytes` and `expires_at` are those of the file, once it is `ready`."""

    id: UUID
    state: ExportState
    requested_at: datetime
    size_bytes: int | None
    expires_at: datetime | None

    @classmethod
    def of(cls, export: Export) -> "ExportOut":
        return cls(
            id=export.id,
            state=export.state,
            requested_at=export.requested_at,
            size_bytes=export.size_bytes,
            expires_at=export.expires_at,
        )


class ErasureOut(ApiOutput):
    """One is signed out everywhere; the rest is erased within minutes, in both services."""

    requested_at: datetime
