"""Which channel is next, when, and for how long it is tried. Pure: no database, no network, no clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(minutes=15)
GIVEN_UP_AFTER: Final = timedelta(hours=24)
TOLD_ALONE: Final = 3
"""So many of a kind are told one by one before the others are told together."""
TOO_OLD: Final = "nobody took it within a day"


class DeliveryState(StrEnum):
    """What became of a message on one channel. `withdrawn`: by the time of sending there was nothing to tell."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


REACHED: Final = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.SEEN)
"""What a delivery is in once its channel took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How much a kind of news hurries.

    Not seen within `seen_within` it goes to the person's next channel as well. `breaks_quiet`: it comes in quiet
    hours too. Those of a kind about the same subject come at most once in `at_most_every`: what is said in
    between is told with the next. Beyond TOLD_ALONE of a kind in `gathered_within`, whatever they are about, the
    others wait for each other that long, and are told as one.
    """

    seen_within: timedelta | None = None
    breaks_quiet: bool = False
    at_most_every: timedelta | None = None
    gathered_within: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chose. `order` names the channels that go first; `muted` are pairs of kind and channel.

    Quiet hours are from `quiet_from` until `quiet_until`, by the clock of `time_zone`, over midnight too.
    """

    order: Sequence[str] = ()
    muted: Collection[tuple[str, str]] = field(default_factory=frozenset[tuple[str, str]])
    quiet_from: time | None = None
    quiet_until: time | None = None
    time_zone: str = "Europe/Moscow"


def channels_for(kind: str, reachable: Sequence[str], choice: Choice) -> list[str]:
    """Where the person is told of this kind, in the order of trying; `reachable` is in the usual order."""
    wanted = [one for one in reachable if (kind, one) not in choice.muted]
    first = [one for one in choice.order if one in wanted]
    return [*first, *(one for one in wanted if one not in first)]


def due_at(
    now: datetime,
    urgency: Urgency,
    choice: Choice,
    *,
    last_at: datetime | None = None,
    others_at: Sequence[datetime] = (),
) -> datetime:
    """When to tell: at once, unless it is the person's quiet time or they were told of the same just before.

    `last_at` is when a message of the kind about the same subject went, or is to go; `others_at` of the kind
    about any.
    """
    at = now
    if urgency.gathered_within is not None:
        at = _gathered_at(now, urgency.gathered_within, others_at)
    if urgency.at_most_every is not None and last_at is not None:
        at = max(at, last_at + urgency.at_most_every)
    return at if urgency.breaks_quiet else _after_quiet(at, choice)


def _gathered_at(now: datetime, within: timedelta, others_at: Sequence[datetime]) -> datetime:
    """With those that wait already; else at once, unless there were enough of them just now."""
    waiting = [at for at in others_at if now < at <= now + within]
    if waiting:
        return min(waiting)
    recent = [at for at in others_at if now - within < at <= now]
    return now if len(recent) < TOLD_ALONE else min(recent) + within


def _after_quiet(at: datetime, choice: Choice) -> datetime:
    begin, end = choice.quiet_from, choice.quiet_until
    if begin is None or end is None or begin == end:
        return at
    local = at.astimezone(ZoneInfo(choice.time_zone))
    clock = local.time()
    is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not is_quiet:
        return at
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    # By the wall's clock: where it is put back in the night, quiet hours are an hour longer.
    return datetime.combine(day, end, local.tzinfo).astimezone(at.tzinfo)


def next_channel(wanted: Sequence[str], tried: Collection[str]) -> str | None:
    """The first that was not tried yet."""
    return next((one for one in wanted if one not in tried), None)


def retry_in(tries: int, *, asked_for: float | None = None) -> timedelta:
    """How long to wait after `tries` tries; a channel that asks for a time gets at least that."""
    usual = min(FIRST_RETRY * 2 ** min(tries - 1, 10), LONGEST_RETRY)
    return max(usual, timedelta(seconds=asked_for or 0))


def look_again_in(age: timedelta) -> timedelta:
    """How long what could not be planned is set aside: as long again as it is old, within reason."""
    return min(max(age, FIRST_RETRY), LONGEST_RETRY)


def is_too_old(created_at: datetime, now: datetime) -> bool:
    return now - created_at > GIVEN_UP_AFTER


def summary(states: Collection[DeliveryState], *, is_planned: bool, is_withdrawn: bool) -> str:
    """What became of a notification as a whole: `pending`, `sent`, `failed` or `withdrawn`.

    `is_planned`: a channel has its turn, now or later.
    """
    if any(state in REACHED for state in states):
        return "sent"
    if is_withdrawn:
        return "withdrawn"
    return "pending" if is_planned or DeliveryState.QUEUED in states else "failed"
