"""The rules of webhooks: when a notice is sent again, when an address is given up, and what is kept. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from cabinet_service.notifications.kinds import WebhookNews

MOST_ENDPOINTS: Final = 10
"""Addresses of one company."""
MOST_REPLAYED: Final = 1000
"""Notices that are put in line again by one request."""
KEPT_FOR: Final = timedelta(days=30)
MOST_OVERLAP: Final = timedelta(days=7)
USUAL_OVERLAP: Final = timedelta(hours=24)

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=12),
    timedelta(hours=18),
    timedelta(hours=24),
)
"""How long after each failure a notice is tried again: eleven tries in three days."""
JITTER: Final = 0.2
"""By this part of itself a wait is longer or shorter, so that what failed together is not tried together."""
MOST_RETRY_AFTER: Final = timedelta(hours=24)

WARNED_AFTER: Final = timedelta(days=1)
DISABLED_AFTER: Final = timedelta(days=5)


class WebhookDeliveryState(StrEnum):
    """`skipped`: the address was turned off when it happened; a replay makes up for it."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class WhyOff(StrEnum):
    """Why an address is told of nothing."""

    BY_ADMIN = "by_admin"
    GONE = "gone"
    FAILING = "failing"


def wait_after(
    tries: int, *, retry_after: timedelta = timedelta(), chance: Callable[[], float]
) -> timedelta | None:
    """How long to wait after that many failed tries; None once it is given up.

    `chance` gives numbers from 0 to 1; `retry_after` is what the receiver asked for.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1] * (1 - JITTER + 2 * JITTER * chance())
    return max(wait, min(retry_after, MOST_RETRY_AFTER))


def is_taken(status: int | None) -> bool:
    return status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def news_of_failure(*, now: datetime, failing_since: datetime, is_warned: bool) -> WebhookNews | None:
    """What there is to say about an address that has taken nothing since then."""
    failing_for = now - failing_since
    if failing_for >= DISABLED_AFTER:
        return WebhookNews.DISABLED
    return WebhookNews.FAILING if failing_for >= WARNED_AFTER and not is_warned else None
