"""Publishes what cabinet's outbox holds."""

import asyncio

from cabinet_service.settings import Settings, read_environment
from cabinet_service.wiring import open_ports
from service_kit import logs
from service_kit.processes import run_until_stopped


async def run(settings: Settings) -> None:
    async with open_ports(settings) as ports:
        await run_until_stopped(*ports.backbone.relay_jobs())


def main() -> None:
    settings = read_environment()
    logs.configure(service="cabinet", process="relay", style=settings.log_format)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
