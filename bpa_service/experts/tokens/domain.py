"""What a personal token looks like, what it may be used for, and for how long. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

MOST_OF_EXPERT: Final = 10
MOST_DAYS: Final = 365
USUAL_DAYS: Final = 90


class TokenScope(StrEnum):
    """What a token may be used for; what it reaches is what its expert sees. None of them changes anything."""

    QUEUE_READ = "queue:read"
    CASES_READ = "cases:read"


GRANTS: Final[Mapping[str, str]] = {
    TokenScope.QUEUE_READ: "See the queue, its counts, and the list of cases.",
    TokenScope.CASES_READ: "See a case: its photos, clock, messages, readings, what is known, its reports.",
}
"""What each is for, as the contract tells it."""
