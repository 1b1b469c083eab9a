"""What is left of a case's time, in words."""

from datetime import datetime

from bpa_service.sla.domain import THRESHOLDS
from bpa_service.telegram import texts
from service_kit.chats.saying import Language
from shared_schemas.clock import Clock, reckon


def left(clock: Clock, now: datetime, language: Language) -> str:
    """In whole minutes, and never more than there is."""
    reckoning = reckon(clock, now)
    minutes = int(abs(reckoning.remaining_seconds) // 60)
    if reckoning.breached:
        return texts.words(language, "time.late", minutes=minutes)
    key = "time.stands" if reckoning.due_at is None else "time.left"
    return texts.words(language, key, minutes=minutes)


def used(clock: Clock, now: datetime, language: Language) -> str | None:
    """The last share of the time that is used up; None before the first that is told of."""
    share = reckon(clock, now).used_seconds / clock.budget_seconds * 100
    reached = [percent for percent in THRESHOLDS if percent <= share]
    return texts.words(language, "time.used", percent=reached[-1]) if reached else None
