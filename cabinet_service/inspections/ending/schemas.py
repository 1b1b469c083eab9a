"""The ends of an inspection as the API speaks of them."""

from cabinet_service.inspections.core.schemas import Reason
from service_kit.http.schemas import ApiInput, ApiOutput


class Cancellation(ApiInput):
    reason: Reason = None


class EndingOut(ApiOutput):
    """Why there is no answer: what the experts say, or the client's own reason for cancelling."""

    reason: str | None
    note: str | None
