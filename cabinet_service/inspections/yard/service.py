"""Giving links to a car, ending them, and what whoever has one says there."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts import quotas, scopes
from cabinet_service.accounts.domain import Client, KeyScope
from cabinet_service.audit import actors
from cabinet_service.companies.errors import BranchClosed, CompanyTermsRequired, LimitReached
from cabinet_service.consents.errors import ConsentRequired
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import OVER, Act
from cabinet_service.inspections.core.errors import EvidenceLost, InspectionIncomplete, InspectionIsOver
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting import service as drafting
from cabinet_service.inspections.yard import links, queries
from cabinet_service.inspections.yard.errors import TooManyYardLinks
from cabinet_service.inspections.yard.holders import held
from cabinet_service.inspections.yard.models import YardLink
from cabinet_service.inspections.yard.schemas import YardLinkIn
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.ports import FileStore
from service_kit import audit
from service_kit.api_keys import ScopeMissing
from service_kit.db import Session, enter
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.limiting import RateLimits
from service_kit.link_tokens import hash_of
from service_kit.signing import KeyRing
from shared_schemas.words import InspectionState, Shot, ShotAnswer

MOST_LIVE: Final = 10
ONE_VISIT: Final = timedelta(minutes=30)
"""Whoever comes back sooner has not opened the link once more."""

# None of them changes anything.
_WANTING: Final = (
    ConsentRequired,
    InspectionIncomplete,
    EvidenceLost,
    BranchClosed,
    CompanyTermsRequired,
    LimitReached,
)
_OPENED: Final = """
UPDATE yard_links SET used_at = $2, visits = visits + (used_at IS NULL OR used_at < $3)::int
WHERE id = $1 RETURNING 1
"""


def scope_missing(client: Client, *, may_submit: bool) -> KeyScope | None:
    """What the key of a program lacks of what such a link lets others do; None for people, who may all of it."""
    if client.key is None:
        return None
    opened = [KeyScope.INSPECTIONS_READ, *([KeyScope.INSPECTIONS_WRITE] if may_submit else [])]
    return next((one for one in opened if one not in client.key.scopes), None)


async def give(acting: ClientActing, inspection_id: UUID, wanted: YardLinkIn, *, keys: KeyRing) -> YardLink:
    """A new link to the car of an inspection. It lasts no longer than the key that gives it.

    Raises NotFound, InspectionIsOver or TooManyYardLinks; ScopeMissing where it would open more than the key that
    asks for it, and KeyRevoked.
    """
    await _hold_key(acting)
    inspection = await inspections.locked(acting.session, inspection_id, client=acting.client)
    if (missing := scope_missing(acting.client, may_submit=wanted.may_submit)) is not None:
        raise ScopeMissing(scope=missing)
    if inspection.state in OVER:
        raise InspectionIsOver(state=inspection.state)
    if await queries.count_live(acting.session, inspection.id, now=acting.now) >= MOST_LIVE:
        raise TooManyYardLinks(most=MOST_LIVE)
    link_id, key = new_id(), acting.client.key
    expires_at = acting.now + timedelta(days=wanted.days)
    made = YardLink(
        id=link_id,
        inspection_id=inspection.id,
        account_id=acting.client.account_id,
        key_id=key.id if key else None,
        token_sha256=hash_of(links.TOKENS.new(link_id, keys)),
        label=wanted.label,
        may_submit=wanted.may_submit,
        shows_note=wanted.shows_note,
        visits=0,
        created_at=acting.now,
        expires_at=min(expires_at, key.expires_at) if key else expires_at,
    )
    acting.session.add(made)
    _record(acting, "yard_link_given", made)
    return made


async def give_anew(acting: ClientActing, inspection_id: UUID, link_id: UUID, *, keys: KeyRing) -> YardLink:
    """The same link with another token and for as long again; the old one opens nothing any more.

    Raises NotFound, TooManyYardLinks, InspectionIsOver, ScopeMissing or KeyRevoked.
    """
    await _hold_key(acting)  # before the link: whoever ends the key takes them in this order
    old = await queries.one(acting.session, link_id, inspection_id=inspection_id)
    await revoke(acting, inspection_id, link_id)
    wanted = YardLinkIn(
        label=old.label,
        days=max(1, (old.expires_at - old.created_at).days),
        may_submit=old.may_submit,
        shows_note=old.shows_note,
    )
    return await give(acting, inspection_id, wanted, keys=keys)


async def revoke(acting: ClientActing, inspection_id: UUID, link_id: UUID) -> None:
    """The link opens nothing from now on. Said again it changes nothing. Raises NotFound."""
    ended = await acting.session.get(YardLink, link_id, lock=True)
    if ended is None or ended.inspection_id != inspection_id:
        raise NotFound
    if ended.is_live(acting.now):
        ended.revoked_at = acting.now
        _record(acting, "yard_link_revoked", ended)


async def note_visit(session: Session, link_id: UUID, *, now: datetime) -> None:
    """That the link was asked for what it shows."""
    await session.fetch(_OPENED, link_id, now, now - ONE_VISIT)


async def answer_shot(acting: ClientActing, shot: Shot, answer: ShotAnswer | None) -> Inspection:
    """Say that there is nothing to photograph, or that it cannot be read; None takes it back.

    Raises AlreadySubmitted: once it is sent, the experts ask for what they miss.
    """
    inspection = await acting.on(held(acting.client).inspection_id, Act.CHANGE)
    others = [one for one in inspection.shot_answers if one["shot"] != shot]
    said = [] if answer is None else [{"shot": shot.value, "answer": answer.value}]
    inspection.shot_answers = [*others, *said]
    acting.changed(inspection, "draft_changed")
    return inspection


async def finish(acting: ClientActing, *, files: FileStore, zone: ZoneInfo, limits: RateLimits) -> None:
    """All is done at the car. It is sent if the link may and nothing is missing; else who gave the link is told.

    What is wanting then is theirs to do: a number that is not typed yet, their consent, or what their company has
    to do first. Said again it tells nobody again, and sends what was not complete before.

    It counts as their sending. Raises TooManyRequests; nothing is changed then.
    """
    link_id = held(acting.client).id
    link = await acting.session.get_one(YardLink, link_id, lock=True)
    inspection = await inspections.locked(acting.session, link.inspection_id, client=acting.client)
    # Their consent and what they are told are theirs: whoever has the link sees neither.
    giver = await _enter_as_giver(acting, link)
    if link.may_submit and inspection.state is InspectionState.DRAFT:
        await quotas.count(limits, "submits", acting.client)
        with suppress(*_WANTING):
            sent = await drafting.submit(giver, inspection.id, files=files, zone=zone)
            await quotas.count_of_company(limits, "submits", sent.inspection.company_id)
    if link.done_at is not None:
        return
    link.done_at = acting.now
    await notices.tell(
        acting.session,
        event_id=uuid5(link.id, "done"),
        person_id=link.account_id,
        kind=NotificationKind.YARD_DONE,
        subject_id=inspection.id,
        number=inspection.number,
        now=acting.now,
    )
    acting.changed(inspection, "yard_done")


async def _hold_key(acting: ClientActing) -> None:
    if acting.client.key is not None:
        await accounts.hold_key(acting.session, acting.client.key)


async def _enter_as_giver(acting: ClientActing, link: YardLink) -> ClientActing:
    """The act goes on in the rights of who gave the link, and is still known as done by it."""
    session = acting.session
    await enter(session, scopes.of_account(link.account_id))
    giver = await accounts.client(session, link.account_id)
    if giver is None:
        raise NotFound
    await enter(session, scopes.of(giver))
    return ClientActing(session=session, now=acting.now, client=acting.client)


def _record(acting: ClientActing, act: str, link: YardLink) -> None:
    by = actors.client(acting.client.account_id)
    details = {"link_id": link.id}
    audit.record(acting.session, act, by=by, now=acting.now, subject_id=link.inspection_id, details=details)
