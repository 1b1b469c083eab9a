"""What a photo in a chat is for: a question, a draft, or a check that runs. Where it is unclear, it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.core.domain import VIN_PLACES
from cabinet_service.inspections.viewing import queries as viewing
from cabinet_service.inspections.viewing.queries import Wanted
from cabinet_service.photos import queries as photos
from cabinet_service.telegram.models import TelegramPhoto
from cabinet_service.telegram.overview import RUNNING
from cabinet_service.telegram.talk import Talk, id_of, shots
from service_kit.chats.heard import Sent
from service_kit.chats.saying import Button, Saying, shortened
from service_kit.paging import Page
from shared_schemas.words import InspectionState, Shot

OFFERED: Final = 5
WAIT_FOR: Final = timedelta(days=1)
_LABEL: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What photos are for. `is_draft`: a draft is not sent yet. `label` is how a button names it."""

    inspection_id: UUID
    task_id: UUID | None = None
    shot: Shot | None = None
    is_draft: bool = False
    label: str = ""

    @property
    def number_place(self) -> Shot | None:
        """The shot, if a number is to be read from it."""
        return self.shot if self.is_draft and self.shot in VIN_PLACES else None

    @property
    def data(self) -> str:
        return f"to:t.{self.task_id.hex}" if self.task_id else f"to:i.{self.inspection_id.hex}"


@dataclass(frozen=True, slots=True)
class Placement:
    """Photos that are to be fetched and put there."""

    target: Target
    photos: Sequence[Sent]


async def place(talk: Talk, client: Client) -> Placement | list[Saying]:
    """Where the photos of this step belong, or the question where."""
    heard = talk.heard
    known = await _keep(talk, heard.photos)
    found = await targets(talk, client)
    same = next((one for one in found if _is_of(one, known)), None)
    if same is not None:  # the rest of an album that came late
        return Placement(same, heard.photos)
    if (chosen := _chosen(talk, found)) is not None:
        return await into(talk, chosen)
    if not found:
        return talk.say("photo.nothing", [[Button(talk.label("commands.new"), data="new:")]])
    return talk.say("photo.which", [[Button(one.label, data=one.data)] for one in found])


def _is_of(target: Target, known: TelegramPhoto | None) -> bool:
    return known is not None and (known.inspection_id, known.task_id) == (
        target.inspection_id,
        target.task_id,
    )


def _chosen(talk: Talk, found: Sequence[Target]) -> Target | None:
    """What the chat is about, or all that there is."""
    chat = talk.chat
    for one in found:
        if chat.task_id is not None and one.task_id == chat.task_id:
            return one
    tasks = [one for one in found if one.task_id is not None]
    if not tasks and chat.draft_id is not None:
        return next((one for one in found if one.inspection_id == chat.draft_id), None)
    return found[0] if len(found) == 1 else None


async def choose(talk: Talk, rest: str) -> Placement | list[Saying]:
    """A button said what the photos are for that wait."""
    kind, _, text = rest.partition(".")
    chosen = id_of(text)
    if talk.client is None or chosen is None:
        return talk.say("old.button")
    for one in await targets(talk, talk.client):
        if chosen == (one.task_id if kind == "t" else one.inspection_id):
            return await into(talk, one)
    return talk.say("old.button")


async def into(talk: Talk, target: Target) -> Placement | list[Saying]:
    """The photos that wait go there, once it is known what they show: without a shot nobody finds the number."""
    waiting = await _waiting(talk)
    if not waiting:
        return talk.say("photo.none")
    if target.is_draft:
        talk.chat.draft_id = target.inspection_id
        if talk.chat.shot is None and not await _has_number_place(talk, target.inspection_id):
            return talk.say("photo.shows", shots(talk))
        shot = talk.chat.shot or Shot.OTHER
        return Placement(Target(inspection_id=target.inspection_id, shot=shot, is_draft=True), waiting)
    return Placement(target, waiting)


async def _has_number_place(talk: Talk, inspection_id: UUID) -> bool:
    kept = await photos.views(talk.session, inspection_id)
    return any(one.shot in VIN_PLACES for one in kept)


async def targets(talk: Talk, client: Client) -> list[Target]:
    """Open questions and drafts, the youngest first; where there is neither, the checks that run."""
    session = talk.session
    running = await viewing.youngest(
        session, Wanted(states=RUNNING), client=client, page=Page(limit=OFFERED * 4, after=None)
    )
    numbers = {one.id: one.number for one in running}
    found = [
        Target(
            inspection_id=task.inspection_id,
            task_id=task.id,
            shot=task.shot,
            label=shortened(f"{numbers[task.inspection_id]}: {task.question}", _LABEL),
        )
        for task in await asking.open_of(session, numbers)
    ]
    drafts = await viewing.youngest(
        session,
        Wanted(states=(InspectionState.DRAFT,)),
        client=client,
        page=Page(limit=OFFERED, after=None),
    )
    found += [
        Target(
            inspection_id=one.id,
            is_draft=True,
            label=talk.label("photo.draft", number=one.identifier or one.number),
        )
        for one in drafts[:OFFERED]
    ]
    return found or [Target(inspection_id=one.id, label=one.number) for one in running[:OFFERED]]


async def _keep(talk: Talk, sent: Sequence[Sent]) -> TelegramPhoto | None:
    """Keep what came until it is known what it is for; returns a photo of the same album that has its place."""
    session, chat_id, album = talk.session, talk.chat.chat_id, talk.heard.album
    table = TelegramPhoto
    known = None
    if album is not None:
        of_album = (table.chat_id == chat_id, table.album == album, table.inspection_id.is_not(None))
        known = await session.scalar(select(table).where(*of_album).limit(1))
    for one in sent:
        values = {
            "file_id": one.file_id,
            "is_file": one.is_file,
            "album": album,
            "inspection_id": None,
            "task_id": None,
            "received_at": talk.now,
        }
        await session.execute(
            insert(table)
            .values(chat_id=chat_id, unique_id=one.unique_id, **values)
            .on_conflict_do_update(index_elements=[table.chat_id, table.unique_id], set_=values)
        )
    return known


async def _waiting(talk: Talk) -> list[Sent]:
    table = TelegramPhoto
    rows = await talk.session.scalars(
        select(table)
        .where(table.chat_id == talk.chat.chat_id, table.inspection_id.is_(None))
        .where(table.received_at > talk.now - WAIT_FOR)
        .order_by(table.received_at, table.unique_id)
    )
    # How large it is, Telegram has said where it was too large: such a file does not wait.
    return [Sent(one.file_id, one.unique_id, 0, one.is_file) for one in rows]


async def placed(talk: Talk, placement: Placement) -> None:
    """They wait no more."""
    table, target = TelegramPhoto, placement.target
    await talk.session.execute(
        update(table)
        .where(table.chat_id == talk.chat.chat_id)
        .where(table.unique_id.in_([one.unique_id for one in placement.photos]))
        .values(inspection_id=target.inspection_id, task_id=target.task_id, shot=target.shot)
    )
