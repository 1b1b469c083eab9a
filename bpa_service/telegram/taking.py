"""Taking a case by the button below its news: the same verb as at the desk, for the same people."""

from typing import Final
from uuid import UUID

from bpa_service.cases.holding import service as holding
from bpa_service.experts.domain import Expert
from bpa_service.sla import queries as sla
from bpa_service.telegram import offers, texts, times
from bpa_service.telegram.talk import Talk
from service_kit.chats.saying import Button, Language, Saying, escape, with_link
from service_kit.http.problems import Problem

TAKE: Final = "take"


def button(case_id: UUID, language: Language) -> Button:
    return Button(texts.words(language, "take"), data=f"{TAKE}:{case_id.hex}")


def is_offered(saying: Saying) -> bool:
    return any(one.data.startswith(f"{TAKE}:") for row in saying.buttons for one in row)


async def take(talk: Talk, expert: Expert, rest: str) -> list[Saying]:
    """Take the case. The message says from here on that one has it, or (`refused`) who else."""
    case_id = id_of(rest)
    if case_id is None:
        return talk.say("old.button")
    async with talk.acting(expert) as acting:
        case = await holding.claim(acting, case_id)
        clock = await sla.clock_of(acting.session, case_id)
    await offers.drop(talk.session, talk.chat_id, talk.pressed_message)
    lines = [f"<b>{escape(talk.label('taken', number=case.number))}</b>"]
    if clock is not None:
        lines.append(escape(times.left(clock, talk.now, talk.language)))
    if case.lease_expires_at is not None:
        seconds = int((case.lease_expires_at - talk.now).total_seconds())
        lines.append(escape(talk.label("taken.open", seconds=seconds)))
    said = with_link("\n".join(lines), talk.label("open"), talk.means.case(case_id))
    return [Saying(html=said.html, buttons=said.buttons, edits=talk.pressed_message)]


async def refused(talk: Talk, problem: Problem, rest: str) -> list[Saying]:
    """Why not, in place of the news: who looks at it again shall see that the button does nothing."""
    await offers.drop(talk.session, talk.chat_id, talk.pressed_message)
    case_id = id_of(rest)
    said = Saying(html=escape(problem.text(talk.language)))
    if case_id is not None:
        said = with_link(said.html, talk.label("open"), talk.means.case(case_id))
    return [Saying(html=said.html, buttons=said.buttons, edits=talk.pressed_message)]


def id_of(text: str) -> UUID | None:
    """The id in a button's data; None if it is none."""
    try:
        return UUID(hex=text)
    except ValueError:
        return None
