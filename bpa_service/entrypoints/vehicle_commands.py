"""Commands about vehicle records: import a file, see what was imported, undo it."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.backbone import open_backbone
from bpa_service.settings import read_environment
from bpa_service.vehicles.importing import queries
from bpa_service.vehicles.importing.holding import ImportUnderWay, NotPublished, NotTheNewest
from bpa_service.vehicles.importing.report import in_one_line
from bpa_service.vehicles.importing.service import Delivery, Importer
from bpa_service.vehicles.importing.states import ImportState
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.store.analytics import EngineAway
from bpa_service.vehicles.store.records import VehicleRecords
from service_kit.commands import CommandFailed, CommandLine

_LISTED: Final = 50


def add_to(line: CommandLine) -> None:
    """What an operator can do about vehicle records."""
    sources = catalogue.names()
    bringing = line.add(
        "vehicles-import", import_file, "Import a file of a source, or go on where it was cut off."
    )
    bringing.add_argument("source", choices=sources, metavar="SOURCE", help=", ".join(sources))
    bringing.add_argument("file", type=Path, metavar="FILE")
    bringing.add_argument(
        "--as-of",
        type=_day,
        required=True,
        metavar="DAY",
        help="when it stood so, as 2026-11-28, or with a time",
    )
    line.add("vehicles-imports", list_imports, "What was imported last, the newest first.")
    taking = line.add("vehicles-undo", undo, "Take back what the newest import of a source has brought.")
    taking.add_argument("number", type=int, metavar="NUMBER")


async def import_file(arguments: Namespace) -> None:
    path: Path = arguments.file
    delivery = Delivery(path, catalogue.mapping(arguments.source), arguments.as_of, path.name)
    async with _importer() as importer:
        try:
            run = await importer.run(delivery)
        except OSError as problem:
            raise CommandFailed(f"{path} cannot be read: {problem.strerror}") from None
        except ImportUnderWay as under_way:
            other = in_one_line(under_way.run)
            raise CommandFailed(f"the source is busy, or was a moment ago: {other}") from None
    print(in_one_line(run))
    if run.state != ImportState.PUBLISHED:
        raise CommandFailed(f"nothing of it is shown: {run.reason}")


async def list_imports(_arguments: Namespace) -> None:
    async with open_backbone(read_environment()) as backbone, backbone.database.reading() as session:
        for run in await queries.recent(session, most=_LISTED):
            print(in_one_line(run))


async def undo(arguments: Namespace) -> None:
    async with _importer() as importer:
        try:
            run = await importer.undo(arguments.number)
        except NotPublished:
            raise CommandFailed(f"import {arguments.number} has nothing to undo") from None
        except NotTheNewest:
            raise CommandFailed("a later import of the source builds on it: undo that first") from None
        except ImportUnderWay as under_way:
            raise CommandFailed(f"the source is busy: {in_one_line(under_way.run)}") from None
    print(in_one_line(run))


@asynccontextmanager
async def _importer() -> AsyncGenerator[Importer]:
    settings = read_environment()
    if not settings.clickhouse_url:
        raise CommandFailed("BPA_CLICKHOUSE_URL is empty: there is no place for vehicle records")
    engine = ClickHouse(settings.clickhouse_url, seconds=3600)  # showing a large file takes its time
    try:
        async with open_backbone(settings) as backbone:
            yield Importer(
                backbone.database,
                VehicleRecords(engine),
                tell=lambda run: print(in_one_line(run), flush=True),
            )
    except EngineAway as away:
        raise CommandFailed(f"the engine is away, run it again to go on: {away}") from None
    finally:
        await engine.close()


def _day(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day such as 2026-11-28") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
