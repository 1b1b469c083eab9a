"""What a client is told about."""

from enum import StrEnum


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


class NotificationState(StrEnum):
    """What became of a notification. `withdrawn`: by the time of sending there was nothing to tell."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
