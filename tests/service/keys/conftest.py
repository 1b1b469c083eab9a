"""A company, its admin, and a key that they made for a program."""

import httpx
import pytest

from cabinet_service.accounts.domain import Role
from cabinet_service.api_ports import ApiPorts
from tests.service.inspections.conftest import Person, SignUp, sign_up, work
from tests.support import clients
from tests.support.clients import Firm
from tests.support.programs import Key, make_key

__all__ = ["sign_up", "work"]


@pytest.fixture
async def firm(cabinet_ports: ApiPorts) -> Firm:
    return await clients.found_company(cabinet_ports)


@pytest.fixture
async def boss(cabinet_ports: ApiPorts, firm: Firm, sign_up: SignUp) -> Person:
    await clients.join(cabinet_ports, firm, "boss@example.com", Role.PARTNER_ADMIN)
    return await sign_up("boss@example.com")


@pytest.fixture
async def agent(cabinet_ports: ApiPorts, firm: Firm, sign_up: SignUp) -> Person:
    """Of the first branch."""
    role = Role.PARTNER_AGENT
    await clients.join(cabinet_ports, firm, "agent@example.com", role, branch_id=firm.first_branch)
    return await sign_up("agent@example.com")


@pytest.fixture
async def key(boss: Person, firm: Firm) -> Key:
    return await make_key(boss, firm)


@pytest.fixture
def program(key: Key, cabinet_api: httpx.AsyncClient) -> Person:
    return key.program(cabinet_api)
