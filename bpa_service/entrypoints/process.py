"""How every background process of bpa starts and ends."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from bpa_service import wiring
from bpa_service.ports import Ports
from bpa_service.settings import Settings
from service_kit import logs
from service_kit.processes import run_until_stopped

JobsOf = Callable[[Ports], Sequence[Coroutine[Any, Any, None]]]


def run_process(name: str, *parts: JobsOf) -> None:
    """Run the endless jobs of all parts side by side until a signal asks to stop."""
    settings = Settings()  # pyright: ignore[reportCallIssue] - filled from the environment
    logs.configure(service="bpa", process=name, style=settings.log_format)
    asyncio.run(_run(settings, parts))


async def _run(settings: Settings, parts: Sequence[JobsOf]) -> None:
    async with wiring.open_ports(settings) as ports:
        jobs = [job for part in parts for job in part(ports)]
        await run_until_stopped(ports.backbone.listener.run(), *jobs)
