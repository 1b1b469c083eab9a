"""Reads of templates and checks. There are few of them (see `service`), so lists are whole."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_, select

from bpa_service.playbook.models import Check, Template
from service_kit.db import ReadSession
from shared_schemas.words import Shot


async def templates(session: ReadSession) -> Sequence[Template]:
    """By kind and title."""
    return (
        await session.scalars(select(Template).order_by(Template.kind, Template.title, Template.id))
    ).all()


async def checks(session: ReadSession) -> Sequence[Check]:
    """Those that are asked for, in their order."""
    wanted = select(Check).where(Check.retired_at.is_(None))
    return (await session.scalars(wanted.order_by(Check.position, Check.id))).all()


async def checks_for(
    session: ReadSession, shots: Collection[Shot], answered: Collection[UUID]
) -> Sequence[Check]:
    """Those that a case with photos of these kinds is asked, and those that were `answered` already."""
    asked = Check.retired_at.is_(None) & or_(Check.shot.is_(None), Check.shot.in_(shots))
    wanted = select(Check).where(or_(asked, Check.id.in_(answered)))
    return (await session.scalars(wanted.order_by(Check.position, Check.id))).all()
