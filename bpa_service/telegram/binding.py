"""Whose a chat is: tied to an expert by a link of theirs, and untied again."""

from bpa_service.experts import queries as experts
from bpa_service.experts import service as people
from bpa_service.experts.domain import Expert
from bpa_service.notifications.notices import notices
from bpa_service.telegram.tables import updates
from bpa_service.telegram.talk import Talk
from service_kit import audit
from service_kit.chats.saying import Button, Saying
from service_kit.chats.updates import NotFollowed
from service_kit.telegram.messenger import NAME


async def start(talk: Talk, token: str) -> list[Saying]:
    """`/start`, with the token of a link or without."""
    if token:
        return await _follow(talk, token)
    if talk.expert is None:
        return stranger(talk)
    return [*talk.say("link.known"), *talk.say("help")]


def stranger(talk: Talk) -> list[Saying]:
    """To whoever is nobody that we know."""
    return talk.say("hello.stranger", link=talk.means.me)


async def _follow(talk: Talk, token: str) -> list[Saying]:
    held_by = talk.expert.id if talk.expert else None
    expert_id = await updates.follow(talk.session, token, held_by=held_by, now=talk.now)
    if isinstance(expert_id, NotFollowed):
        return talk.say(f"link.{expert_id}", link=talk.means.me)
    talk.expert = await experts.expert(talk.session, expert_id)
    assert talk.expert is not None  # noqa: S101 - a link has an owner, and nobody is ever deleted
    people.refuse_inactive(talk.expert)
    talk.language = (await experts.languages(talk.session, {expert_id}))[expert_id]
    device = talk.heard.device or "Telegram"
    await notices.bind(talk.session, expert_id, NAME, str(talk.chat_id), device=device, now=talk.now)
    audit.record(talk.session, "telegram_tied", by=talk.expert, now=talk.now)
    return [*talk.say("hello.bound"), *talk.say("help")]


async def stop(talk: Talk, _rest: str) -> list[Saying]:
    """`/stop`: nothing comes here any more."""
    if talk.expert is not None:
        for bound in await notices.bound(talk.session, talk.expert.id, NAME, even_dead=True):
            if bound.address == str(talk.chat_id):
                await notices.unbind(talk.session, talk.expert.id, bound.id)
    return talk.say("stop", link=talk.means.me)


async def ask_language(talk: Talk, _expert: Expert, _rest: str) -> list[Saying]:
    buttons = [[Button("Русский", data="language:ru"), Button("English", data="language:en")]]
    return talk.say("language.ask", buttons)


async def choose_language(talk: Talk, expert: Expert, chosen: str) -> list[Saying]:
    """Write in this language from now on, here and in every other message."""
    talk.language = "en" if chosen == "en" else "ru"
    await people.write_in(talk.session, expert.id, talk.language)
    [said] = talk.say("language.set")
    return [Saying(html=said.html, edits=talk.pressed_message)]
