"""`/shift`: coming to work and going, by the same verbs as at the desk."""

from bpa_service.cases.core.domain import VERDICT_ROLES
from bpa_service.experts.domain import Expert
from bpa_service.shifts import queries, service
from bpa_service.telegram.talk import Talk
from service_kit.chats.saying import Button, Saying
from service_kit.http.problems import NotAllowed


async def shift(talk: Talk, expert: Expert, rest: str) -> list[Saying]:
    """`/shift on`, `/shift off`, or the question which. Raises NotAllowed for who takes no cases."""
    if expert.role not in VERDICT_ROLES:
        raise NotAllowed
    match rest.lower():
        case "on" | "off" as wanted:
            async with talk.acting(expert) as acting:
                verb = service.start if wanted == "on" else service.end
                await verb(acting.session, by=expert, now=talk.now)
            [said] = talk.say(f"shift.{wanted}")
            return [Saying(html=said.html, edits=talk.pressed_message)]
        case _:
            since = await queries.shift_of(talk.session, expert.id)
            on, off = (Button(talk.label(f"shift.turn_{one}"), data=f"shift:{one}") for one in ("on", "off"))
            return talk.say("shift.is_on" if since else "shift.is_off", [[off if since else on]])
