"""What somebody arranges for themselves, as the API speaks of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from bpa_service.cases.arranging.domain import QueueOrder, View
from bpa_service.cases.arranging.models import KeptView, Snooze
from service_kit.http.schemas import ApiInput, ApiOutput

ViewName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class KeptViewIn(ApiInput):
    """A view and its name. `text` is looked for in the rows; an empty one leaves none out."""

    name: ViewName
    view: View
    text: Annotated[str, StringConstraints(max_length=200)] = ""
    order: QueueOrder = QueueOrder.LEFT


class KeptViewOut(ApiOutput):
    """A view that one keeps."""

    name: str
    view: View
    text: str
    order: QueueOrder
    saved_at: datetime

    @classmethod
    def of(cls, kept: KeptView) -> "KeptViewOut":
        return cls(
            name=kept.name,
            view=kept.view,
            text=kept.text,
            order=kept.queue_order,
            saved_at=kept.saved_at,
        )


class SnoozeOut(ApiOutput):
    """A case that one put off: in nobody else's queue, and until then."""

    case_id: UUID
    until: datetime

    @classmethod
    def of(cls, snooze: Snooze) -> "SnoozeOut":
        return cls(case_id=snooze.case_id, until=snooze.until)


class ArrangementOut(ApiOutput):
    """How one has arranged the queue, on whatever device. `at` is the server's time."""

    at: datetime
    snoozed: list[SnoozeOut]
    views: list[KeptViewOut]
