"""The command line of bpa: `python -m bpa_service.entrypoints.cli --help`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from uuid import UUID

from bpa_service import wiring
from bpa_service.settings import Settings
from service_kit import migrations

Command = Callable[[Settings, argparse.Namespace], Awaitable[None]]


async def migrate(settings: Settings, _arguments: argparse.Namespace) -> None:
    moved = await migrations.migrate(wiring.MIGRATIONS, settings.database_url)
    print("migrated" if moved else "nothing to do", file=sys.stderr)


async def resync(settings: Settings, arguments: argparse.Namespace) -> None:
    async with wiring.open_ports(settings) as ports:
        backbone = ports.backbone
        catching_up = backbone.resync(backbone.inbox(wiring.event_handlers(settings)))
        if arguments.inspection is not None:
            taken = await catching_up.catch_up(arguments.inspection)
        else:
            taken = await catching_up.catch_up_all(
                on_progress=lambda inspection_id, count: print(f"{inspection_id}: {count} events")
            )
        print(f"{taken} events taken in")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bpa", description="Commands of the experts' service.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    command("migrate", migrate, "Bring the database to the newest revision.")
    added = command("resync", resync, "Take in every event of the cabinet that is missing here.")
    added.add_argument("--inspection", type=UUID, metavar="ID", help="of this inspection only")
    return parser


def main() -> None:
    arguments = _parser().parse_args()
    settings = Settings()  # pyright: ignore[reportCallIssue] - filled from the environment
    asyncio.run(arguments.run(settings, arguments))


if __name__ == "__main__":
    main()
