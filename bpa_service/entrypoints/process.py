"""How every background process of bpa starts and ends."""

import asyncio
from collections.abc import Callable, Sequence

from bpa_service.ports import Ports
from bpa_service.settings import Settings, read_environment
from bpa_service.wiring import open_ports
from service_kit import logs
from service_kit.processes import Job, run_until_stopped

JobsOf = Callable[[Ports], Sequence[Job]]


def run_process(name: str, *parts: JobsOf) -> None:
    """Run the endless jobs of all parts side by side until a signal asks to stop."""
    settings = read_environment()
    logs.configure(service="bpa", process=name, style=settings.log_format)
    asyncio.run(_run(settings, parts))


async def _run(settings: Settings, parts: Sequence[JobsOf]) -> None:
    async with open_ports(settings) as ports:
        await run_until_stopped(*(job for part in parts for job in part(ports)))
