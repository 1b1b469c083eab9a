from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from cabinet_service.accounts import service
from cabinet_service.accounts.domain import code_of, parse_contact
from cabinet_service.api_ports import ApiPorts
from service_kit.db import database_now

Challenge = tuple[str, str]
"""The id of a challenge and its code."""

Ask = Callable[..., Awaitable[Challenge]]


@pytest.fixture
def ask(cabinet_ports: ApiPorts) -> Ask:
    """Ask for a code, past the rate limits of the API."""

    async def ask_for_code(contact: str = "client@example.com") -> Challenge:
        async with cabinet_ports.backbone.database.writing() as session:
            challenge = await service.request_code(
                session,
                parse_contact(contact),
                language="ru",
                valid_for=timedelta(minutes=10),
                now=await database_now(session),
            )
        return str(challenge.id), code_of(challenge.id, cabinet_ports.secrets)

    return ask_for_code
