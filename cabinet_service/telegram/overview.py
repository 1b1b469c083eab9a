"""`/status`: how one's checks are going."""

from typing import Final

from cabinet_service.inspections.viewing import queries as viewing
from cabinet_service.inspections.viewing.queries import Wanted
from cabinet_service.telegram import binding, statuses
from cabinet_service.telegram.talk import Talk
from service_kit.chats.saying import Saying
from service_kit.paging import Page
from shared_schemas.words import InspectionState

MOST: Final = 5
RUNNING: Final = tuple(
    state
    for state in InspectionState
    if state
    not in {
        InspectionState.DRAFT,
        InspectionState.CLOSED,
        InspectionState.CANCELLED,
        InspectionState.EXPIRED,
        InspectionState.UNPROCESSABLE,
    }
)


async def status(talk: Talk, _rest: str) -> list[Saying]:
    """Each of those that run, or were answered, in a message of its own; the oldest first."""
    client = talk.client
    if client is None:
        return await binding.start(talk, "")
    found = await viewing.youngest(
        talk.session, Wanted(states=RUNNING), client=client, page=Page(limit=MOST, after=None)
    )
    stand = [
        await statuses.standing(talk.session, one.id, client, talk.place, now=talk.now)
        for one in reversed(found[:MOST])
    ]
    return [one.saying for one in stand] or talk.say("status.none")
