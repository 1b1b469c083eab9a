"""A whole check in a chat: photos, the number, the consent, and Send."""

from typing import Final
from uuid import UUID

from cabinet_service.accounts import quotas
from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.errors import InspectionIncomplete
from cabinet_service.inspections.drafting import service as drafting
from cabinet_service.inspections.drafting.claims import ClaimIn
from cabinet_service.inspections.drafting.schemas import InspectionPatch, NewInspection
from cabinet_service.telegram import binding, placing, statuses
from cabinet_service.telegram.models import Awaited
from cabinet_service.telegram.placing import Placement, Target
from cabinet_service.telegram.talk import Talk, id_of, shots
from service_kit.chats.saying import Button, Saying
from shared_schemas.identifiers import MOST_TYPED, read_identifier
from shared_schemas.words import Shot

_NUMBER_ROOM: Final = 64


async def new(talk: Talk, _rest: str) -> Placement | list[Saying]:
    """`/new`. Photos that wait for it go into it."""
    client = talk.client
    if client is None:
        return await binding.start(talk, "")
    await quotas.count(talk.means.limits, "drafts", client)
    async with talk.acting(client) as acting:
        draft = await drafting.open_draft(acting, NewInspection())
    talk.begin_anew()
    talk.chat.draft_id = draft.id
    if talk.heard.press is not None:
        return await placing.into(talk, Target(inspection_id=draft.id, is_draft=True))
    return talk.say("new.begin", shots(talk))


async def shoot(talk: Talk, rest: str) -> Placement | list[Saying]:
    """What the next photo shows, or those that wait."""
    draft_id = talk.chat.draft_id
    if draft_id is None or rest not in list(Shot):
        return talk.say("old.button")
    talk.chat.shot = Shot(rest)
    placed = await placing.into(talk, Target(inspection_id=draft_id, is_draft=True))
    if isinstance(placed, Placement):
        return placed
    return talk.say("new.photograph", place=talk.label(f"shot.{rest}"))


async def after_photos(talk: Talk, client: Client, draft_id: UUID, number: str | None) -> list[Saying]:
    """What comes next: the number, or Send."""
    talk.chat.shot = None
    draft = await inspections.inspection(talk.session, draft_id, client=client)
    if draft.identifier_typed is not None or draft.plate_typed is not None:
        return _ready(talk, draft_id)
    if number is None:
        talk.chat.awaited = Awaited.NUMBER
        return talk.say("number.type")
    talk.chat.number = number[:_NUMBER_ROOM]
    shown = read_identifier(number).display
    right = Button(talk.label("number.right"), data="number:right")
    wrong = Button(talk.label("number.wrong"), data="number:wrong")
    return talk.say("number.read", [[right], [wrong]], number=shown)


async def number(talk: Talk, rest: str) -> list[Saying]:
    """A button below a number: it is right, it stands so on the car, or it is typed instead."""
    if rest == "wrong":
        talk.chat.awaited, talk.chat.number = Awaited.NUMBER, None
        return talk.say("number.type")
    if talk.client is None or talk.chat.number is None or rest not in {"right", "seen"}:
        return talk.say("old.button")
    return await _name(talk, talk.client, talk.chat.number, as_seen=rest == "seen")


async def take_number(talk: Talk, client: Client) -> list[Saying]:
    """The text is the number."""
    typed = talk.heard.text[: MOST_TYPED + 1]
    reading = read_identifier(typed)
    if reading.ok:
        return await _name(talk, client, typed, as_seen=False)
    if not read_identifier(typed, as_seen=True).ok or len(typed) > _NUMBER_ROOM:
        return talk.say("number.unreadable")
    talk.chat.number = typed
    seen = Button(talk.label("number.seen"), data="number:seen")
    again = Button(talk.label("number.again"), data="number:wrong")
    return talk.say("number.odd", [[seen], [again]], number=reading.display)


async def _name(talk: Talk, client: Client, typed: str, *, as_seen: bool) -> list[Saying]:
    draft_id = talk.chat.draft_id
    if draft_id is None:
        return talk.say("old.button")
    claim = ClaimIn(identifier=typed, as_seen=as_seen)
    async with talk.acting(client) as acting:
        await drafting.change_draft(acting, draft_id, InspectionPatch(claim=claim))
    talk.chat.awaited = talk.chat.number = None
    return _ready(talk, draft_id)


def _ready(talk: Talk, draft_id: UUID) -> list[Saying]:
    return talk.say("new.ready", [[Button(talk.label("send"), data=f"send:{draft_id.hex}")]])


async def go_on(talk: Talk) -> list[Saying]:
    """After a consent: to where it was asked for."""
    return _ready(talk, talk.chat.draft_id) if talk.chat.draft_id else []


async def send(talk: Talk, rest: str) -> list[Saying]:
    """Send it: from here on the 20 minutes run."""
    draft_id, client = id_of(rest), talk.client
    if draft_id is None or client is None:
        return talk.say("old.button")
    talk.chat.draft_id = draft_id
    if not await binding.has_agreed(talk):
        return [*talk.say("consent.needed"), binding.consent(talk)]
    await quotas.count(talk.means.limits, "submits", client)
    try:
        async with talk.acting(client) as acting:
            sent = await drafting.submit(acting, draft_id, files=talk.means.files, zone=talk.means.zone)
    except InspectionIncomplete as lacking:
        missing: list[str] = lacking.params["missing"]
        talk.chat.awaited = Awaited.NUMBER if any("identifier" in one for one in missing) else None
        buttons = shots(talk) if "vin_place_photo" in missing else ()
        return talk.say(f"missing.{missing[0]}", buttons)
    await quotas.count_of_company(talk.means.limits, "submits", sent.inspection.company_id)
    await statuses.want(talk.session, talk.chat.chat_id, draft_id)
    talk.begin_anew()
    return talk.say("new.sent")
