"""What is kept of a car in the questions of experts, once its client wants to be forgotten."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from bpa_service.search.views.models import SearchView
from service_kit import audit
from service_kit.db import Session
from service_kit.search.names import spelled

_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")


async def forget(session: Session, numbers: Collection[str], now: datetime) -> None:
    """Drop the questions of everybody that are about one of these numbers of a car, or are called so."""
    keys = frozenset(key for number in numbers if (key := spelled(number)))
    for view in await session.scalars(select(SearchView)):
        if holds(view.name, keys) or holds(view.query["q"], keys):
            its = (SearchView.expert_id == view.expert_id, SearchView.name == view.name)
            await session.execute(delete(SearchView).where(*its))  # or nothing, if they just dropped it
            if view.shared:
                details = {"owner": view.expert_id}
                audit.record(session, "search_view_dropped", by=None, now=now, details=details)


def holds(text: str, keys: Collection[str]) -> bool:
    """Whether one of the keys is written in the text, in one word or several.

    Words are not divided: `A1` is not in `PA12`.
    """
    words = [word for part in _BETWEEN_WORDS.split(text) if (word := spelled(part))]
    longest = max(map(len, keys), default=0)
    for first in range(len(words)):
        joined = ""
        for word in words[first:]:
            joined += word
            if joined in keys:
                return True
            if len(joined) >= longest:
                break
    return False
