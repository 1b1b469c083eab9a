"""Browsers that are told by push."""

from dataclasses import replace

from service_kit.notifying.channels import Manners
from tests.service.notifications.conftest import Way, World

PATH = "/api/v1/notifications"
SUBSCRIPTION = {
    "endpoint": "https://push.example.com/one",
    "p256dh": "B" + "A" * 86,
    "auth": "A" * 22,
    "device": "Chrome, Android",
}


def pushing(world: World, channel: Way) -> World:
    channels = {"push": (channel, Manners(to_all=True)), "email": (Way(world.channel, "email"), Manners())}
    return replace(world, ports=replace(world.ports, channels=channels))


def ways(world: World) -> list[str]:
    return [one.channel for one in world.channel.sent]


async def addresses(world: World) -> list[str]:
    async with world.ports.backbone.database.reading() as session:
        return [row[0] for row in await session.fetch("SELECT address FROM notification_addresses")]
