"""How every process of a service starts: `python -m cabinet_service relay`, or a command such as `migrate`.

A process imports what it runs and no more. So where a service has what is its own is agreed upon by name:
`settings.read_environment`, `backbone.open_backbone`, `wiring`, `entrypoints.app.create_app` and
`entrypoints.commands.command_line`.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any, Protocol, cast

# structlog, httpx and redis take these in wherever they are installed, for tracebacks in colour, a command line
# and figures of their own: 5 MiB a process that none of them has a use for, and 3 in the API.
for _unused in ("rich", "httpx._main", "opentelemetry.sdk.metrics"):
    sys.modules.setdefault(_unused, cast("Any", None))

from service_kit import logs  # noqa: E402 - after the lines above
from service_kit.backbone import Backbone  # noqa: E402 - the same
from service_kit.chores import Chore  # noqa: E402 - the same
from service_kit.heartbeat import beat  # noqa: E402 - the same
from service_kit.inbox import Handlers  # noqa: E402 - the same
from service_kit.process_signs import signed  # noqa: E402 - the same
from service_kit.processes import BACKGROUND, PROCESSES, Job, run_until_stopped  # noqa: E402 - the same
from service_kit.settings import ServiceSettings  # noqa: E402 - the same


class _Ports(Protocol):
    @property
    def backbone(self) -> Backbone: ...


class _Wiring(Protocol):
    """The module `wiring` of a service."""

    def open_ports(self, settings: ServiceSettings) -> AbstractAsyncContextManager[_Ports]: ...
    def event_handlers(self, ports: _Ports) -> Handlers: ...
    def work_handlers(self, ports: _Ports) -> Handlers: ...
    def jobs(self, ports: _Ports) -> list[Job]: ...
    def chores(self, ports: _Ports) -> list[Chore]: ...


def main(package: str, words: Sequence[str] | None = None) -> int:
    """Run the process or the command that `words` (by default the process's own) ask for; returns the exit code.

    `background` is relay, consumer and worker in one, for small installations.
    """
    words = sys.argv[1:] if words is None else words
    if len(words) != 1 or words[0] not in PROCESSES:
        exit_code: int = import_module(f"{package}.entrypoints.commands").command_line().main(words)
        return exit_code
    [process] = words
    settings: ServiceSettings = import_module(f"{package}.settings").read_environment()
    settings = settings.model_copy(update={"database_url": signed(settings.database_url, process)})
    service = package.removesuffix("_service")
    logs.configure(service=service, process=process, style=settings.log_format)
    with _recording(settings, service=service, process=process):
        if process == "api":
            app = import_module(f"{package}.entrypoints.app").create_app(settings)
            import_module("service_kit.http.serving").serve(app, host=settings.host, port=settings.port)
        else:
            asyncio.run(_run(package, process, settings))
    return 0


def _recording(settings: ServiceSettings, *, service: str, process: str) -> AbstractContextManager[None]:
    if not settings.otlp_url:
        return nullcontext()
    # Only here: what records is 10 MiB in each process that does.
    from service_kit.tracing.recording import recording

    return recording(settings.otlp_url, service=service, process=process, ratio=settings.trace_ratio)


async def _run(package: str, process: str, settings: ServiceSettings) -> None:
    if process == "relay":
        async with import_module(f"{package}.backbone").open_backbone(settings) as backbone:
            await run_until_stopped(*_beats(settings), *backbone.relay_jobs())
        return
    wiring = cast("_Wiring", import_module(f"{package}.wiring"))
    async with wiring.open_ports(settings) as ports:
        parts = BACKGROUND if process == "background" else (process,)
        jobs = [job for part in parts for job in _jobs(part, wiring, ports)]
        await run_until_stopped(*_beats(settings), *jobs)


def _beats(settings: ServiceSettings) -> list[Job]:
    return [beat(settings.alive_file)] if settings.alive_file else []


def _jobs(part: str, wiring: _Wiring, ports: _Ports) -> list[Job]:
    backbone = ports.backbone
    if part == "relay":
        return backbone.relay_jobs()
    if part == "consumer":
        return backbone.consumer_jobs(wiring.event_handlers(ports))
    own = wiring.jobs(ports)
    return [*own, *backbone.worker_jobs(wiring.work_handlers(ports), wiring.chores(ports))]
