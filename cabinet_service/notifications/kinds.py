"""What a client is told about, and how much it hurries."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from service_kit.notifying.rules import Urgency
from service_kit.notifying.trying import TEST


class NotificationKind(StrEnum):
    """One word for each thing that is worth a message; `texts` has the words for it."""

    INFO_TASK = "info_task"
    EXPERT_MESSAGE = "expert_message"
    PRELIMINARY_DECISION = "preliminary_decision"
    DECISION = "decision"
    DECISION_AMENDED = "decision_amended"
    LATE = "late"
    UNPROCESSABLE = "unprocessable"
    EXPIRED = "expired"
    OUTCOME = "outcome"
    YARD_DONE = "yard_done"
    HISTORY_READY = "history_ready"
    """What sources know of a car; its subject is an ordered history, and no inspection."""
    REMINDER = "reminder"
    CAR_NEWS = "car_news"
    """Something is new of a car that one watches; its subject is the inspection by which one does."""
    WATCH_ENDED = "watch_ended"
    TEST = TEST
    """Only to see whether it comes; it is no news, and about nothing."""


class WebhookNews(StrEnum):
    """What a company's administrators are written about an address that is told of its inspections.

    What a program does with one they hear of: whoever stole its key would have themselves told of everything.
    """

    FAILING = "webhook_failing"
    DISABLED = "webhook_disabled"
    GONE = "webhook_gone"
    ADDED = "webhook_added"
    CHANGED = "webhook_changed"
    ROTATED = "webhook_rotated"


class NotificationState(StrEnum):
    """What became of a notification. `withdrawn`: by the time of sending there was nothing to tell."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


ANSWERS: Final = frozenset(
    {
        NotificationKind.PRELIMINARY_DECISION,
        NotificationKind.DECISION,
        NotificationKind.DECISION_AMENDED,
    }
)
LOUD: Final[Collection[str]] = ANSWERS | {
    NotificationKind.INFO_TASK,
    NotificationKind.UNPROCESSABLE,
    NotificationKind.HISTORY_READY,
}
"""What buzzes in a chat."""

OF_HISTORIES: Final[Collection[str]] = frozenset({NotificationKind.HISTORY_READY})
"""What is about an ordered history and no inspection."""

OF_WATCHES: Final[Collection[str]] = frozenset({NotificationKind.CAR_NEWS, NotificationKind.WATCH_ENDED})
"""What is about cars that one watches: many of them are listed among these."""

_ANSWER: Final = Urgency(seen_within=timedelta(minutes=5), breaks_quiet=True)

NEWS_KINDS: Final = tuple(kind for kind in NotificationKind if kind is not NotificationKind.TEST)
"""What one is told of, and may choose how."""

URGENCY: Final[Mapping[str, Urgency]] = {
    # The clock stands, or the expert looks on without what they need, until the client knows of the question.
    NotificationKind.INFO_TASK: Urgency(seen_within=timedelta(seconds=45), breaks_quiet=True),
    NotificationKind.EXPERT_MESSAGE: Urgency(
        seen_within=timedelta(minutes=5), at_most_every=timedelta(minutes=1)
    ),
    NotificationKind.PRELIMINARY_DECISION: _ANSWER,
    NotificationKind.DECISION: _ANSWER,
    NotificationKind.DECISION_AMENDED: _ANSWER,
    # Late with one of a dealer's checks we are late with many. Each question and answer is told by itself.
    NotificationKind.LATE: Urgency(breaks_quiet=True, gathered_within=timedelta(minutes=1)),
    NotificationKind.UNPROCESSABLE: _ANSWER,
    NotificationKind.EXPIRED: Urgency(),
    # Somebody is asked for a favour: whenever it suits them.
    NotificationKind.OUTCOME: Urgency(gathered_within=timedelta(minutes=1)),
    # Somebody at the car is done: whoever sent them there waits for it.
    NotificationKind.YARD_DONE: Urgency(
        seen_within=timedelta(minutes=5), gathered_within=timedelta(minutes=1)
    ),
    # Whoever waits for one looks at its page; that of a car among many, or of a slow source, wakes nobody.
    NotificationKind.HISTORY_READY: Urgency(
        seen_within=timedelta(minutes=5), gathered_within=timedelta(minutes=1)
    ),
    # A colleague asks for what one has to do oneself; whoever goes through a yard reminds of many cars in a row.
    NotificationKind.REMINDER: Urgency(
        seen_within=timedelta(minutes=5), gathered_within=timedelta(minutes=15)
    ),
    # Nobody waits for it, and a file of a source may name many of one's cars.
    NotificationKind.CAR_NEWS: Urgency(gathered_within=timedelta(hours=1)),
    NotificationKind.WATCH_ENDED: Urgency(gathered_within=timedelta(hours=1)),
    NotificationKind.TEST: Urgency(breaks_quiet=True),
}
