"""Both services, and clients who order histories."""

from collections.abc import Awaitable, Callable

import pytest

from tests.service.inspections.conftest import Person
from tests.service.privacy.conftest import services
from tests.support import clients
from tests.support.both_services import BothServices

__all__ = ["services"]

SignIn = Callable[[str], Awaitable[Person]]


@pytest.fixture
def sign_in(services: BothServices) -> SignIn:
    async def signed_in(contact: str) -> Person:
        return Person(services.cabinet_api, await clients.sign_in(services.cabinet, contact, language="en"))

    return signed_in


@pytest.fixture
async def client(sign_in: SignIn) -> Person:
    return await sign_in("client@example.com")
