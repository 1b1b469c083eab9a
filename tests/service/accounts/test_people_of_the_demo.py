"""Programs stay signed in for longer than an access token lasts, however many threads they have."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from cabinet_service.accounts.models import SignInSession
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from deploy.demo.people import Client
from tests.support.clients import sign_in
from tests.support.serving import served

LONG_AGO = timedelta(minutes=20)


@pytest.mark.parametrize("clock_off_by", [timedelta(0), 2 * LONG_AGO])
async def test_threads_that_share_a_person_refresh_once(
    cabinet_settings: Settings, cabinet_ports: ApiPorts, clock_off_by: timedelta
) -> None:
    """Before the token expires, or, where the clock is wrong, when it was refused."""
    await sign_in(cabinet_ports)
    async with cabinet_ports.backbone.database.writing() as session:
        row = (await session.scalars(select(SignInSession))).one()
        row.rotated_at -= LONG_AGO
        expired = row.tokens(cabinet_ports.tokens)
    tokens = {
        "token": expired.access,
        "refresh_token": expired.refresh,
        "expires_at": (expired.access_expires_at + clock_off_by).isoformat(),
    }
    async with served(create_app(cabinet_settings)) as url:
        with Client(url) as client:
            client.keep_signed_in(tokens)
            answers = await asyncio.gather(*(asyncio.to_thread(client.get, "/me") for _ in range(6)))
    assert {answer["contacts"][0]["value"] for answer in answers} == {"client@example.com"}
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(SignInSession.generation)) == 1
