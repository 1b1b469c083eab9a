"""Making personal tokens and ending them, each expert their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from bpa_service.experts import queries
from bpa_service.experts.domain import Expert
from bpa_service.experts.models import ExpertRow
from bpa_service.experts.tokens.domain import MOST_OF_EXPERT
from bpa_service.experts.tokens.errors import TooManyTokens
from bpa_service.experts.tokens.models import ExpertToken, tokens
from bpa_service.experts.tokens.schemas import ExpertTokenIn
from service_kit import audit
from service_kit.api_keys import Issued, KeyForm
from service_kit.db import ReadSession, Session, as_system
from service_kit.http.problems import NotAllowed, NotFound, NotSignedIn

ENDED_SHOWN_FOR: Final = timedelta(days=90)
MOST_LISTED: Final = 100


async def own(session: ReadSession, expert: Expert, *, now: datetime) -> Sequence[ExpertToken]:
    """Their tokens, the youngest first; ended ones for some months."""
    token, recently = ExpertToken, now - ENDED_SHOWN_FOR
    rows = await session.scalars(
        select(token)
        .where(token.holder_id == expert.id, token.expires_at > recently)
        .where(token.revoked_at.is_(None) | (token.revoked_at > recently))
        .order_by(token.created_at.desc(), token.id.desc())
        .limit(MOST_LISTED)
    )
    return rows.all()


async def make(
    session: Session, wanted: ExpertTokenIn, *, form: KeyForm, by: Expert, session_id: UUID, now: datetime
) -> Issued[ExpertToken]:
    """A token of theirs, asked for in that session.

    Raises TooManyTokens; NotAllowed for whose role was changed just now, NotSignedIn for whoever was shut out.
    """
    # Locked: of two requests the second sees what the first has made, and whoever changes the role ends both.
    async with as_system(session):  # nobody may write their own row
        row = await session.get_one(ExpertRow, by.id, lock=True)
    if not row.active or row.role != by.role:
        raise NotAllowed
    # Who waited for the lock may have waited for a new password, or for their factors to be reset.
    if await queries.signed_in(session, session_id) is None:
        raise NotSignedIn
    if len(await tokens.live(session, by.id, now=now)) >= MOST_OF_EXPERT:
        raise TooManyTokens(most=MOST_OF_EXPERT)
    issued = tokens.issue(
        session,
        form,
        by.id,
        name=wanted.name,
        scopes=wanted.scopes,
        networks=(),
        length=timedelta(days=wanted.days),
        now=now,
    )
    _record(session, "expert_token_made", issued.row, by=by, now=now)
    return issued


async def revoke(session: Session, token_id: UUID, *, by: Expert, now: datetime) -> None:
    """It opens nothing from the next request on. Again it changes nothing. Raises NotFound."""
    token = await session.get(ExpertToken, token_id, lock=True)
    if token is None or token.holder_id != by.id:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = now
        _record(session, "expert_token_revoked", token, by=by, now=now)


def _record(session: Session, act: str, token: ExpertToken, *, by: Expert, now: datetime) -> None:
    details = {"token_id": token.id, "public_id": token.public_id, "name": token.name, "scopes": token.scopes}
    audit.record(session, act, by=by, now=now, details=details)
