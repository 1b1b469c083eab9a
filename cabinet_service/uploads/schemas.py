"""An upload as the client's API shows it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cabinet_service.uploads.domain import UploadState
from service_kit.http.schemas import ApiOutput


class UploadProblem(ApiOutput):
    """Why the photo was refused: the problem that the last part was answered with."""

    code: str
    status: int
    detail: str
    params: dict[str, Any]


class UploadOut(ApiOutput):
    """A resumable upload. `done`: its SHA-256 was compared and it is the photo `evidence_id`."""

    id: UUID
    inspection_id: UUID
    sha256: str
    size_bytes: int
    offset_bytes: int
    state: UploadState
    evidence_id: UUID | None
    problem: UploadProblem | None
    expires_at: datetime
