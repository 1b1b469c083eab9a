"""How things stand: the queue in numbers, and what one has in hand."""

from typing import Final

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.queue import queries as queue
from bpa_service.experts.domain import Expert
from bpa_service.shifts import queries as shifts
from bpa_service.telegram import times
from bpa_service.telegram.talk import Talk
from service_kit.chats.saying import Saying, escape
from service_kit.paging import Page

MOST: Final = 10
_SHOWN: Final = (View.OPEN, View.MINE, View.SECOND_OPINION, View.WAITING)


async def tell_queue(talk: Talk, expert: Expert, _rest: str) -> list[Saying]:
    """`/queue`: how many cases there are of each sort, and how much time the most urgent free one has."""
    async with talk.acting(expert) as acting:
        counts = await queue.counts(acting.session, viewer_id=expert.id)
        first = await queue.queue(acting.session, View.OPEN, Page(limit=1, after=None), viewer_id=expert.id)
    lines = [talk.label(f"queue.{view}", count=counts[view]) for view in _SHOWN]
    if first:
        lines.insert(1, talk.label("queue.urgent", left=times.left(first[0].clock, talk.now, talk.language)))
    return [Saying(html=escape("\n".join(lines)))]


async def tell_status(talk: Talk, expert: Expert, _rest: str) -> list[Saying]:
    """`/status`: whether one is on shift, and the time that is left of the cases in hand."""
    async with talk.acting(expert) as acting:
        since = await shifts.shift_of(acting.session, expert.id)
        page = Page(limit=MOST, after=None)
        mine = await queue.queue(acting.session, View.MINE, page, viewer_id=expert.id)
    lines = [talk.label("shift.is_on" if since else "shift.is_off")]
    lines += [
        f"{row.case.number}: {times.left(row.clock, talk.now, talk.language)}\n{talk.means.case(row.case.id)}"
        for row in mine[:MOST]
    ]
    if not mine:
        lines.append(talk.label("status.none"))
    return [Saying(html=escape("\n".join(lines)))]
