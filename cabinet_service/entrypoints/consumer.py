"""Takes in what bpa tells."""

import asyncio

from cabinet_service.settings import Settings, read_environment
from cabinet_service.wiring import event_handlers, open_ports
from service_kit import logs
from service_kit.processes import run_until_stopped


async def run(settings: Settings) -> None:
    async with open_ports(settings) as ports:
        await run_until_stopped(*ports.backbone.consumer_jobs(event_handlers(ports)))


def main() -> None:
    settings = read_environment()
    logs.configure(service="cabinet", process="consumer", style=settings.log_format)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
