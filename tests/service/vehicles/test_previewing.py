"""What cabinet is told of a car before anybody orders anything: counts, and nothing where nobody could look."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.settings import Settings
from bpa_service.vehicles.lookup.naming import NumberName, names_of
from bpa_service.vehicles.lookup.previewing import preview
from bpa_service.vehicles.store.records import VehicleRecords
from shared_schemas.rest.previews import PreviewState
from tests.service.vehicles.lookups import AS_OF, OTHER, SALES, VIN, WANTED, imported
from tests.support.api import running


async def asked(api: httpx.AsyncClient, ports: ApiPorts, name: str, value: str) -> httpx.Response:
    target = f"/internal/v1/vehicles/{name}/{value}/preview"
    return await api.get(
        target, headers=ports.backbone.keys.request_headers("GET", target, b"", datetime.now(UTC))
    )


async def test_what_the_files_have_is_counted_and_nothing_of_it_told(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, engine_url: str, tmp_path: Path
) -> None:
    await imported(bpa_ports, store, tmp_path, us_auctions=SALES, opencars_wanted=WANTED)

    async with running(create_app(bpa_settings.model_copy(update={"clickhouse_url": engine_url}))) as api:
        told = (await asked(api, bpa_ports, "vin", VIN)).json()
        nothing = (await asked(api, bpa_ports, "vin", "4T4BF1FK5DR275483")).json()
        other = (await asked(api, bpa_ports, "vin", OTHER)).json()
        cyrillic = (await asked(api, bpa_ports, "plate", "Ж1234МО")).json()
        none = await asked(api, bpa_ports, "vin", "11111111111111111")
        unsigned = await api.get(f"/internal/v1/vehicles/vin/{VIN}/preview")

    assert told["state"] == "known"
    assert {(one["source"], one["kind"], one["records"]) for one in told["blocks"]} == {
        ("us_auctions", "auction", 2),
        ("opencars_wanted", "wanted", 1),
    }
    assert told["last_mileage_year"] == 2015
    assert datetime.fromisoformat(told["as_of"]) == AS_OF
    assert set(told) == {"state", "blocks", "as_of", "last_mileage_year"}
    assert (nothing["state"], nothing["blocks"]) == ("nothing", [])
    assert cyrillic["state"] == "nothing"
    assert other["last_mileage_year"] is None
    assert none.status_code == 422
    assert unsigned.status_code == 401


async def test_where_nobody_can_look_nothing_is_known() -> None:
    names: Any = names_of(NumberName.VIN, VIN)
    engine = ClickHouse("clickhouse://nobody:nothing@127.0.0.1:1/nothing")

    away = await preview(VehicleRecords(engine), names)
    nowhere = await preview(None, names)

    assert (away.state, nowhere.state) == (PreviewState.UNKNOWN, PreviewState.UNKNOWN)
    await engine.close()


@pytest.mark.parametrize("name", ["engine", "source_vehicle", "nothing"])
async def test_a_car_is_looked_up_by_what_names_one_car(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, name: str
) -> None:
    assert (await asked(bpa_api, bpa_ports, name, "B4204T11")).status_code == 422
