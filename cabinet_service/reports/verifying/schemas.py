"""What is told of a report that somebody holds."""

from datetime import datetime
from enum import StrEnum

from service_kit.http.schemas import ApiOutput


class Standing(StrEnum):
    """`genuine`: we made it, and it stands. `replaced`: we made it, and a newer version stands. `changed`: it is
    not what we made, though it says so. `erased`: what it was about is forgotten. `unknown`: it is none of ours.
    """

    GENUINE = "genuine"
    CHANGED = "changed"
    REPLACED = "replaced"
    ERASED = "erased"
    UNKNOWN = "unknown"


class VerificationOut(ApiOutput):
    """How a report stands: which version it is and of when, and since when a newer one stands."""

    state: Standing
    version: int | None = None
    made_at: datetime | None = None
    replaced_at: datetime | None = None
