"""What an expert asks, asked in the chat, and answered there."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from cabinet_service.accounts.domain import Client, Language
from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.asking import service
from cabinet_service.inspections.asking.schemas import Fulfilment, Refusal, RefusalReason
from cabinet_service.telegram import placing, texts
from cabinet_service.telegram.models import Awaited
from cabinet_service.telegram.talk import Rows, Talk, id_of
from service_kit.chats.saying import Button, Saying, escape, shortened
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound

MAX_QUESTION: Final = 3000


async def asked(session: ReadSession, task_id: UUID, title: str, language: Language) -> Saying | None:
    """The question itself, with the ways to answer it that it allows; None for one that is not there."""
    task = await asking.by_id(session, task_id)
    if task is None:
        return None
    html = f"<b>{escape(title)}</b>\n{escape(shortened(task.question, MAX_QUESTION))}"

    def button(key: str, data: str) -> Button:
        return Button(texts.words(language, key), data=data)

    rows: list[list[Button]] = []
    if task.shot is None:
        yes, no = (button(f"question.{word}", f"{word}:{task_id.hex}") for word in ("yes", "no"))
        rows += [[yes, no], [button("question.words", f"words:{task_id.hex}")]]
    rows.append([button("question.photo", f"photo:{task_id.hex}")])
    rows.append([button("question.cannot", f"cannot:{task_id.hex}")])
    return Saying(html=html, buttons=rows)


async def yes(talk: Talk, rest: str) -> list[Saying]:
    return await _say_word(talk, rest, "question.yes")


async def no(talk: Talk, rest: str) -> list[Saying]:
    return await _say_word(talk, rest, "question.no")


async def _say_word(talk: Talk, rest: str, key: str) -> list[Saying]:
    return await _fulfil(talk, id_of(rest), talk.label(key))


async def write(talk: Talk, rest: str) -> list[Saying]:
    """What is written next is the answer to this question."""
    talk.begin_anew()
    talk.chat.task_id, talk.chat.awaited = id_of(rest), Awaited.ANSWER
    return talk.say("question.write")


async def photograph(talk: Talk, rest: str) -> list[Saying]:
    """What is sent next is for this question."""
    talk.begin_anew()
    talk.chat.task_id = id_of(rest)
    return [*talk.say("question.send"), *talk.say("photo.asFile")]


async def cannot(talk: Talk, rest: str) -> list[Saying]:
    reasons: Rows = [
        [Button(talk.label(f"cannot.{reason}"), data=f"why:{rest[:32]}.{reason}")] for reason in RefusalReason
    ]
    return talk.say("cannot.why", reasons)


async def decline(talk: Talk, rest: str) -> list[Saying]:
    text, _, reason = rest.partition(".")
    task_id, client = id_of(text), talk.client
    if task_id is None or client is None or reason not in list(RefusalReason):
        return talk.say("old.button")
    inspection_id = await _inspection_of(talk, task_id)
    async with talk.acting(client) as acting:
        await service.decline(acting, inspection_id, task_id, Refusal(reason=RefusalReason(reason)))
    talk.begin_anew()
    return talk.say("cannot.done")


async def take_words(talk: Talk, client: Client) -> list[Saying] | None:
    """The text answers the one question that is open in words, or the chosen one; None: there is none."""
    chosen = talk.chat.task_id if talk.chat.awaited is Awaited.ANSWER else None
    if chosen is None:
        tasks = [one for one in await placing.targets(talk, client) if one.task_id and one.shot is None]
        if not tasks:
            return None
        if len(tasks) > 1:
            return talk.say("question.several")
        chosen = tasks[0].task_id
    return await _fulfil(talk, chosen, talk.heard.text)


async def _fulfil(talk: Talk, task_id: UUID | None, answer: str) -> list[Saying]:
    client = talk.client
    if task_id is None or client is None:
        return talk.say("old.button")
    inspection_id = await _inspection_of(talk, task_id)
    async with talk.acting(client) as acting:
        await service.fulfil(acting, inspection_id, task_id, Fulfilment(answer=answer))
    talk.begin_anew()
    return talk.say("question.done")


async def _inspection_of(talk: Talk, task_id: UUID) -> UUID:
    """Raises NotFound; whether it is the client's, the act finds out."""
    task = await asking.by_id(talk.session, task_id)
    if task is None:
        raise NotFound
    return task.inspection_id


async def answered_by(talk: Talk, target: placing.Target, evidence_ids: tuple[UUID, ...]) -> list[Saying]:
    """Photos that were put to a question fulfil it, with what was written below them."""
    client, task_id = talk.client, target.task_id
    assert client is not None  # noqa: S101 - whoever put them there has asked
    assert task_id is not None  # noqa: S101 - the same
    done = Fulfilment(evidence_ids=evidence_ids, answer=talk.heard.text or None)
    with suppress(NotFound):
        async with talk.acting(client) as acting:
            await service.fulfil(acting, target.inspection_id, task_id, done)
    talk.begin_anew()
    return talk.say("question.done")
