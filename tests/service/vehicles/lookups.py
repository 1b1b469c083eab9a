"""What is imported and looked up by several tests."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx

from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from bpa_service.vehicles.importing.service import Delivery, Importer
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.store.records import VehicleRecords
from tests.support.api import running
from tests.support.experts import sign_in

VIN: Final = "4T4BF1FK5DR275482"
AS_OF: Final = datetime(2026, 6, 1, tzinfo=UTC)
_SALE: Final = (
    "2013,Toyota,Camry,LE,Sedan,automatic,4t4bf1fk5dr275482,ca,38,{miles},red,beige,one,13200,13500,{day}"
)
SALES: Final = "\n".join(
    [
        ",".join(catalogue.mapping("us_auctions").file.header),
        _SALE.format(miles=138_882, day="Thu Dec 18 2014 11:30:00 GMT-0800 (PST)"),
        _SALE.format(miles=38_882, day="Fri Dec 18 2015 11:30:00 GMT-0800 (PST)"),
    ]
)
OTHER: Final = "4T4BF1FK4CR168261"
WANTED: Final = "\n".join(
    [
        ",".join(catalogue.mapping("opencars_wanted").file.header),
        f"r,7,TOYOTA - CAMRY,RED,AA1234BB,{VIN},,,ovd,car,stolen,2016-01-02T00:00:00,2016-01-03T00:00:00",
        f"r,8,TOYOTA - CAMRY,BLUE,AA1234BB,{OTHER},,,ovd,car,stolen,2018-01-02T00:00:00,2018-01-03T00:00:00",
    ]
)


@asynccontextmanager
async def signed_in(
    settings: Settings, ports: ApiPorts, **changes: Any
) -> AsyncGenerator[tuple[httpx.AsyncClient, Any]]:
    """A client of an API with these settings, whoever may read being signed in, and its application."""
    app = create_app(settings.model_copy(update=changes))
    async with running(app) as api:
        caller = await sign_in(ports, Role.EXPERT)
        api.headers.update(caller.headers)
        yield api, app


async def imported(ports: ApiPorts, store: VehicleRecords, folder: Path, **files: str) -> None:
    for source, content in files.items():
        path = folder / f"{source}.csv"
        path.write_text(content)
        delivery = Delivery(path, catalogue.mapping(source), AS_OF, path.name)
        await Importer(ports.backbone.database, store).run(delivery)
