"""Sending the codes that people sign in with."""

from datetime import timedelta

import pytest
from sqlalchemy import func, update

from cabinet_service.accounts import service
from cabinet_service.accounts.domain import code_of, parse_contact
from cabinet_service.accounts.models import SignInChallenge
from service_kit.bus import RetryLater
from service_kit.db import database_now
from service_kit.notifying.channels import ChannelAway, MessageUndeliverable
from tests.service.notifications.conftest import World
from tests.support.delivery import waiting_work


async def ask(world: World, contact: str) -> str:
    """Ask for a code; returns what it is."""
    async with world.ports.backbone.database.writing() as session:
        challenge = await service.request_code(
            session,
            parse_contact(contact),
            language="ru",
            valid_for=timedelta(minutes=10),
            now=await database_now(session),
        )
    return code_of(challenge.id, world.ports.secrets)


@pytest.mark.parametrize(("contact", "kind"), [("boris@example.com", "email"), ("+79211234567", "phone")])
async def test_the_code_goes_to_the_contact_that_asked(world: World, contact: str, kind: str) -> None:
    code = await ask(world, contact)
    await world.work()
    [message] = world.channel.sent
    assert message.channel == kind
    assert message.to == contact
    assert code in message.text


async def test_neither_code_nor_contact_are_in_the_work(world: World) -> None:
    code = await ask(world, "boris@example.com")
    [work] = await waiting_work(world.ports.backbone)
    assert code not in work.model_dump_json()
    assert "boris" not in work.model_dump_json()


async def test_a_code_that_is_of_no_use_any_more_is_not_sent(world: World) -> None:
    await ask(world, "boris@example.com")
    async with world.ports.backbone.database.writing() as session:
        await session.execute(update(SignInChallenge).values(expires_at=func.now()))
    assert await world.work() == ["cabinet.send_sign_in_code.v1"]
    assert world.channel.sent == []


async def test_a_code_waits_for_its_channel(world: World) -> None:
    await ask(world, "boris@example.com")
    world.channel.faults["boris@example.com"] = ChannelAway("connection refused")
    with pytest.raises(RetryLater):
        await world.work()
    world.channel.faults.clear()
    await world.work()
    assert world.channel.reached == ["boris@example.com"]


async def test_a_code_that_nobody_can_receive_is_given_up(world: World) -> None:
    await ask(world, "boris@example.com")
    world.channel.faults["boris@example.com"] = MessageUndeliverable("no such mailbox")
    await world.work()
    assert await waiting_work(world.ports.backbone) == []
