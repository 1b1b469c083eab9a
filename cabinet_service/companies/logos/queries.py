"""Reads of logos."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts.models import Company
from cabinet_service.companies.logos.models import CompanyLogo
from service_kit.db import ReadSession


class Logo(NamedTuple):
    """A logo, and whose it is."""

    png: bytes
    width: int
    height: int
    company: str


async def logo_of(session: ReadSession, company_id: UUID | None) -> Logo | None:
    """The company's logo, if it has one; none for nobody's company."""
    if company_id is None:
        return None
    of_it = (
        select(CompanyLogo.png, CompanyLogo.width, CompanyLogo.height, Company.name)
        .join(Company, Company.id == CompanyLogo.company_id)
        .where(CompanyLogo.company_id == company_id)
    )
    row = (await session.execute(of_it)).first()
    return None if row is None else Logo(row[0], row[1], row[2], row[3])
