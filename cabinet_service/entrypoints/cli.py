"""Commands for operators: `python -m cabinet_service.entrypoints.cli --help`."""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import cabinet_service.db
from cabinet_service.settings import read_environment
from cabinet_service.wiring import event_handlers, open_ports
from service_kit.commands import CommandLine, Delivery, add_shared

MIGRATIONS: Final = Path(cabinet_service.db.__path__[0]) / "migrations"


def command_line() -> CommandLine:
    """Every command of cabinet."""
    line = CommandLine(
        program="python -m cabinet_service.entrypoints.cli", description="Commands of cabinet."
    )
    add_shared(
        line,
        migrations_folder=MIGRATIONS,
        database_url=lambda: read_environment().database_url,
        open_delivery=_open_delivery,
    )
    return line


@asynccontextmanager
async def _open_delivery() -> AsyncGenerator[Delivery]:
    async with open_ports(read_environment()) as ports:
        yield Delivery(ports.backbone, event_handlers(ports))


if __name__ == "__main__":
    sys.exit(command_line().main())
