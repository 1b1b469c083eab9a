"""Reading people."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from bpa_service.experts.domain import Expert, Language, Stage, is_confirmed
from bpa_service.experts.models import ExpertRow, ExpertSession, sign_ins
from service_kit.db import ReadSession
from service_kit.paging import Page


class Credential(NamedTuple):
    """Somebody and the hash of their password."""

    expert: Expert
    password_hash: str


class Present(NamedTuple):
    """Somebody signed in, how far their session has come, and whether it showed a second factor just now."""

    expert: Expert
    stage: Stage
    confirmed: bool


async def expert(session: ReadSession, expert_id: UUID) -> Expert | None:
    row = await session.get(ExpertRow, expert_id)
    return row.expert() if row else None


async def languages(session: ReadSession, expert_ids: Collection[UUID]) -> dict[UUID, Language]:
    """The languages that they are written to in."""
    rows = await session.execute(select(ExpertRow.id, ExpertRow.language).where(ExpertRow.id.in_(expert_ids)))
    return {expert_id: "en" if language == "en" else "ru" for expert_id, language in rows}


async def names(session: ReadSession, expert_ids: Collection[UUID]) -> dict[UUID, str]:
    """What those of them that exist are called, in one query."""
    rows = await session.execute(
        select(ExpertRow.id, ExpertRow.display_name).where(ExpertRow.id.in_(expert_ids))
    )
    return {row.id: row.display_name for row in rows}


def name_of(expert_id: ColumnElement[UUID | None] | ColumnElement[UUID]) -> ScalarSelect[str]:
    """What they are called, for a SELECT that has such a column."""
    return select(ExpertRow.display_name).where(ExpertRow.id == expert_id).scalar_subquery()


async def people(session: ReadSession, page: Page) -> Sequence[Expert]:
    """Everybody by login; one more than the page holds, if there is one. Its key is `login`."""
    statement = select(ExpertRow).order_by(ExpertRow.login).limit(page.limit + 1)
    if page.after is not None:
        statement = statement.where(ExpertRow.login > page.after[0])
    return [row.expert() for row in await session.scalars(statement)]


async def credential(session: ReadSession, login: str) -> Credential | None:
    row = await session.scalar(select(ExpertRow).where(ExpertRow.login == login))
    return Credential(row.expert(), row.password_hash) if row else None


async def living_sessions(session: ReadSession, ids: Collection[UUID]) -> set[UUID]:
    """Which of these sessions go on."""
    return await sign_ins.living(session, ids)


async def signed_in(session: ReadSession, session_id: UUID) -> Present | None:
    """Whose session it is; None if it has ended, or its owner was switched off."""
    found = await session.execute(
        select(ExpertRow, ExpertSession.stage, ExpertSession.confirmed_at, func.transaction_timestamp())
        .join(ExpertSession, ExpertSession.holder_id == ExpertRow.id)
        .where(ExpertSession.id == session_id, ExpertSession.expires_at > func.transaction_timestamp())
        .where(ExpertRow.active)
    )
    row = found.one_or_none()
    if row is None:
        return None
    expert, stage, confirmed_at, now = row
    session.began_at = now
    return Present(expert.expert(), Stage(stage), is_confirmed(confirmed_at, now))
