"""What is ordered in a chat counts as what is ordered in the app: for the account, and for the company."""

from typing import Any

import pytest
from sqlalchemy import update

from cabinet_service.accounts.domain import Role
from cabinet_service.inspections.core.models import Inspection
from service_kit.limiting import RateLimits
from tests.factories.photos import stamped_number
from tests.service.telegram.checks import VIN, begin, drafts, send
from tests.service.telegram.conftest import World
from tests.support.clients import found_company, join


def tighten(world: World, monkeypatch: pytest.MonkeyPatch, **limits: str) -> RateLimits:
    """The limits of the worker, some of them so low that one act is all."""
    tight: Any = RateLimits("memory://", {**world.ports.settings.limits(), **limits})
    monkeypatch.setattr(world.telegram, "_limits", tight)
    return tight


async def test_sending_counts_for_the_account(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = tighten(world, monkeypatch, submits_per_account="1/hour")
    await limits.hit("submits_per_account", str(world.client.account_id))
    draft = await send(world)
    assert "Слишком много" in world.anna.texts[-1]
    assert await drafts(world) == [draft]


async def test_sending_counts_for_the_company(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = await found_company(world.ports)
    await join(world.ports, firm, "anna@example.com", Role.PARTNER_ADMIN)
    limits = tighten(world, monkeypatch, submits_per_company="1/hour")
    await limits.hit("submits_per_company", str(firm.company_id))
    draft = await begin(world)
    world.anna.writes(VIN)
    await world.settle()
    async with world.ports.backbone.database.writing() as session:
        await session.execute(
            update(Inspection).values(company_id=firm.company_id, branch_id=firm.first_branch)
        )
    world.anna.presses("Отправить")
    await world.settle()
    assert "Слишком много" in world.anna.texts[-1]
    assert await drafts(world) == [draft]


async def test_who_had_enough_photos_read_types_the_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = tighten(world, monkeypatch, readings_per_account="1/hour")
    await limits.hit("readings_per_account", str(world.client.account_id))
    await world.bind()
    world.anna.writes("/new")
    await world.settle()
    world.anna.presses("Номер на кузове")
    world.anna.sends(**world.anna.file(stamped_number(VIN)))
    await world.settle()
    assert "Напишите номер" in world.anna.texts[-1]
