"""A client who has left a mark in every table, an order of a company, and everybody whose business neither is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from cabinet_service.accounts.domain import Role
from tests.service.inspections.conftest import Person
from tests.service.privacy.conftest import Crowd, Marked, crowd, services
from tests.support import clients
from tests.support.both_services import BothServices

__all__ = ["crowd", "services"]

Json = dict[str, Any]
COMPANY_MARK = "zq8companyword"


@dataclass(frozen=True)
class Neighbours:
    """`victim` is a private client. `north` `ordered` something for a company, in words with COMPANY_MARK.

    `boss` sees all of that company, `south` its other branch, `rival` all of another company.
    """

    services: BothServices
    victim: Marked
    ordered: str
    north: Person
    south: Person
    boss: Person
    rival: Person
    stranger: Person

    @property
    def inspection_id(self) -> UUID:
        """The victim's that is in work: it has photos, messages, and questions that were answered."""
        return self.victim.inspection_ids[2]

    async def person(self, contact: str) -> Person:
        signed_in = await clients.sign_in(self.services.cabinet, contact, language="en")
        return Person(self.services.cabinet_api, signed_in)


@pytest.fixture
async def neighbours(services: BothServices, crowd: Crowd) -> Neighbours:
    victim = await crowd.client()
    ports, agent = services.cabinet, Role.PARTNER_AGENT
    firm = await clients.found_company(ports)
    await clients.join(ports, firm, "boss@example.com", Role.PARTNER_ADMIN)
    await clients.join(ports, firm, "north@example.com", agent, branch_id=firm.first_branch)
    await clients.join(ports, firm, "south@example.com", agent, branch_id=firm.second_branch)
    other = await clients.found_company(ports, "Wheels")
    await clients.join(ports, other, "rival@example.com", Role.PARTNER_ADMIN)
    people = {
        name: await crowd.sign_in(f"{name}@example.com")
        for name in ("north", "south", "boss", "rival", "stranger")
    }
    claim = {"identifier": "SAL1A2A40SA606662", "make": COMPANY_MARK}
    ordered = await people["north"].start(claim, company_id=str(firm.company_id), worry=COMPANY_MARK)
    return Neighbours(services, victim, ordered["id"], **people)
