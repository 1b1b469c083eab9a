"""Giving a company a logo, and taking it away."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from cabinet_service.companies import queries
from cabinet_service.companies.logos.drawer import Drawn
from cabinet_service.companies.logos.models import CompanyLogo
from service_kit import audit
from service_kit.audit import Actor
from service_kit.db import Session


async def put(session: Session, company_id: UUID, drawn: Drawn, *, by: Actor, now: datetime) -> None:
    """The company has this logo from now on, in place of any other."""
    await queries.lock_for(session, company_id, by=by)
    logo = await session.get(CompanyLogo, company_id)
    if logo is None:
        logo = CompanyLogo(company_id=company_id)
        session.add(logo)
    logo.png, logo.width, logo.height, logo.set_at = drawn.png, drawn.width, drawn.height, now
    details = {"sha256": hashlib.sha256(drawn.png).hexdigest()}
    audit.record(session, "company_logo_put", by=by, now=now, subject_id=company_id, details=details)


async def remove(session: Session, company_id: UUID, *, by: Actor, now: datetime) -> None:
    """The company has no logo from now on. Nothing happens where it has none."""
    await queries.lock_for(session, company_id, by=by)
    if await erase(session, company_id):
        audit.record(session, "company_logo_removed", by=by, now=now, subject_id=company_id)


async def erase(session: Session, company_id: UUID) -> bool:
    """Forget the logo; whether there was one."""
    its = delete(CompanyLogo).where(CompanyLogo.company_id == company_id)
    return await session.scalar(its.returning(CompanyLogo.company_id)) is not None
