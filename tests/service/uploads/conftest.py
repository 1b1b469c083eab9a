"""Clients who upload: the same people as those who inspect."""

import pytest

from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person, client, sign_up, stranger
from tests.service.uploads.phone import Phone

__all__ = ["client", "sign_up", "stranger"]


@pytest.fixture
async def inspection_id(client: Person) -> str:
    return (await client.start())["id"]


@pytest.fixture
def phone(client: Person, inspection_id: str) -> Phone:
    return Phone(client, inspection_id, jpeg(640, 480))
