"""What there is to choose from of the queue."""

from enum import StrEnum


class View(StrEnum):
    """What part of the queue is asked for."""

    OPEN = "open"
    MINE = "mine"
    WAITING = "waiting"
    SECOND_OPINION = "second_opinion"
    ALL = "all"


class QueueOrder(StrEnum):
    """By the time left, or by what of it is left beyond the work that a case is likely to take."""

    LEFT = "left"
    SLACK = "slack"
