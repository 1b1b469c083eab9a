"""Bodies of the notifications' API."""

from datetime import datetime
from typing import Self
from uuid import UUID

from bpa_service.notifications.kinds import NotificationKind
from service_kit.http.schemas import ApiInput, ApiOutput
from service_kit.notifying.reading import Told


class NotificationOut(ApiOutput):
    """Something that one was told. It is news until `seen_at`."""

    id: UUID
    kind: NotificationKind
    case_id: UUID
    case_number: str
    created_at: datetime
    seen_at: datetime | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, told: Told) -> Self:
        one = told.notification
        return cls(
            id=one.id,
            kind=one.kind,
            case_id=one.subject_id,
            case_number=one.number,
            created_at=one.created_at,
            seen_at=one.seen_at,
            withdrawn_at=one.withdrawn_at,
        )


class WhatWasSeen(ApiInput):
    """Of one case, or of all of them."""

    case_id: UUID | None = None
