"""Relay, consumer and worker in one process, for small installations."""

import asyncio

from cabinet_service.settings import Settings, read_environment
from cabinet_service.wiring import chores, event_handlers, open_ports, work_handlers
from service_kit import logs
from service_kit.processes import run_until_stopped


async def run(settings: Settings) -> None:
    async with open_ports(settings) as ports:
        await run_until_stopped(
            *ports.backbone.relay_jobs(),
            *ports.backbone.consumer_jobs(event_handlers(ports)),
            *ports.backbone.worker_jobs(work_handlers(ports), chores(ports)),
        )


def main() -> None:
    settings = read_environment()
    logs.configure(service="cabinet", process="background", style=settings.log_format)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
