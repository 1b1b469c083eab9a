"""Checks that are begun in a chat."""

from typing import Any

from tests.factories.photos import jpeg
from tests.service.telegram.conftest import World

VIN = "SAL1A2A40SA606662"


async def get(world: World, path: str) -> Any:
    answer = await world.api.get(f"/api/v1{path}", headers=world.client.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def drafts(world: World) -> list[str]:
    return [one["id"] for one in (await get(world, "/inspections?state=draft"))["items"]]


async def begin(world: World) -> str:
    """A draft with a photo of its number, begun in the chat."""
    await world.bind()
    world.anna.writes("/new")
    await world.settle()
    world.anna.presses("Номер на кузове")
    world.anna.sends(**world.anna.file(jpeg(640, 480)))
    await world.settle()
    [draft] = await drafts(world)
    return draft


async def send(world: World) -> str:
    draft = await begin(world)
    world.anna.writes(VIN)
    await world.settle()
    world.anna.presses("Отправить")
    await world.settle()
    return draft
