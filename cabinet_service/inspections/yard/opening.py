"""Whether a link opens its car, and for whom whoever has it acts then."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts import scopes
from cabinet_service.accounts.domain import Client, HeldLink
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.domain import OVER
from cabinet_service.inspections.yard import queries
from cabinet_service.inspections.yard.errors import (
    YardLinkExpired,
    YardLinkOver,
    YardLinkRevoked,
    YardLinkUnknown,
)
from cabinet_service.inspections.yard.models import YardLink
from service_kit.db import SYSTEM, ReadSession, database_now, enter
from service_kit.http.problems import NotFound
from service_kit.limiting import RateLimits
from service_kit.link_tokens import hash_of
from shared_schemas.words import InspectionState

NOTHING_TO_DO: Final = OVER | {InspectionState.ANSWERED}
"""In these nobody is needed at the car, and links to it open nothing. A dispute may open them again."""


async def enter_by_link(session: ReadSession, token: str, *, limits: RateLimits) -> Client:
    """Who gave the link, as whoever has it acts for them; the transaction enters the scope of that one car.

    Raises YardLinkUnknown, YardLinkOver, YardLinkRevoked, YardLinkExpired or TooManyRequests.
    """
    await enter(session, SYSTEM)
    link, giver = await _live(session, token, now=await database_now(session))
    await limits.hit("yard_requests_per_link", str(link.id))
    # No name goes along: what is done by the link is signed by the link.
    client = replace(giver, display_name=None, link=HeldLink(link.id, link.inspection_id))
    await enter(session, scopes.of(client))
    return client


async def _live(session: ReadSession, token: str, *, now: datetime) -> tuple[YardLink, Client]:
    """It ends at once with the inspection, with the account that gave it, and with their right to see it."""
    link = await queries.by_token(session, hash_of(token))
    if link is None:
        raise YardLinkUnknown
    giver = await accounts.client(session, link.account_id)
    if giver is None:
        raise YardLinkOver
    try:
        inspection = await inspections.inspection(session, link.inspection_id, client=giver)
    except NotFound:
        raise YardLinkOver from None
    if inspection.erased_at is not None or inspection.state in NOTHING_TO_DO:
        raise YardLinkOver
    if link.revoked_at is not None:
        raise YardLinkRevoked
    if now >= link.expires_at:
        raise YardLinkExpired
    return link, giver
