"""Numbers that records know, found through the API: in a real engine, and in engines that do not answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.settings import Settings
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.records import VehicleRecords
from tests.service.vehicles.conftest import (
    bpa_settings,
    clickhouse,
    drops,
    engine,
    engine_url,
    store,
    uploads,
)
from tests.service.vehicles.lookups import OTHER, SALES, VIN, WANTED, imported, signed_in

__all__ = ["bpa_settings", "clickhouse", "drops", "engine", "engine_url", "store", "uploads"]

PATH: Final = "/api/v1/search/vehicles"
STOCK: Final = "\n".join(
    [
        ",".join(catalogue.mapping("jp_stock").file.header),
        *(f"TOYOTA,COROLLA,NZE141-{number:07},2010,10000" for number in range(1234501, 1234531)),
    ]
)


@pytest.fixture
async def api(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, engine_url: str, tmp_path: Path
) -> AsyncGenerator[httpx.AsyncClient]:
    """Of an installation that has records of some cars."""
    await imported(bpa_ports, store, tmp_path, us_auctions=SALES, opencars_wanted=WANTED, jp_stock=STOCK)
    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (client, _):
        yield client


async def page(api: httpx.AsyncClient, q: str, **more: Any) -> Any:
    answer = await api.get(PATH, params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_number_is_shown_with_what_is_known_under_it(api: httpx.AsyncClient) -> None:
    told = await page(api, VIN.lower())
    assert (told["limited"], told["has_more"]) == (None, False)
    assert told["items"] == [
        {
            "kind": "number",
            "text": "4T4 BF1FK5 DR275482",
            "fit": "whole",
            "marks": [[0, 19]],
            "records": 3,
            "sources": 2,
            "make": None,  # each source says it otherwise
            "model": "Camry",
            "year": 2013,
            "vehicle": {"name": "vin", "value": VIN},
        }
    ]

    [frame] = (await page(api, "NZE141-1234501", limit=1))["items"]
    assert (frame["text"], frame["make"], frame["model"], frame["year"]) == (
        "NZE141-1234501",
        "TOYOTA",
        "COROLLA",
        2010,
    )
    [plate] = (await page(api, "plate:AA1234BB"))["items"]
    assert (plate["kind"], plate["records"], plate["vehicle"]["name"]) == ("plate", 2, "plate")


async def test_it_is_found_by_what_is_known_of_it(api: httpx.AsyncClient) -> None:
    for q, values, fit, marks in (
        ("275482", [VIN], "end", [[13, 19]]),
        ("4T4BF1FK", [OTHER, VIN], "end", [[0, 9]]),
        ("кончается на 8261", [OTHER], "part", [[15, 19]]),
        ("4T4BF1FK4CR1682*", [OTHER], "part", [[0, 17]]),
        ("4T4BF1FK?DR275482", [VIN], "whole", [[0, 19]]),
        ("4T4BF1FK5DR275428", [VIN], "mistaken", [[0, 19]]),
        ("4T48F1FK5DR2754B2", [VIN], "mistaken", [[0, 19]]),  # an 8 for a B, and a B for an 8
        (f"toyota {VIN} красная", [VIN], "whole", [[0, 19]]),
    ):
        found = (await page(api, q))["items"]
        best = [one for one in found if one["fit"] == fit]
        assert [one["vehicle"]["value"] for one in best] == values, q
        assert found[: len(best)] == best
        assert best[0]["marks"] == marks, q


async def test_the_best_come_first_and_no_more_than_are_asked_for(api: httpx.AsyncClient) -> None:
    told = await page(api, "NZE141-1234505", limit=3)
    values = [one["vehicle"]["value"] for one in told["items"]]
    assert values == ["NZE1411234505", "NZE1411234501", "NZE1411234502"]
    assert [one["fit"] for one in told["items"]] == ["whole", "mistaken", "mistaken"]
    assert told["has_more"]
    assert len((await page(api, "NZE14112345"))["items"]) == 20


async def test_what_was_not_looked_for_as_there_was_no_room_is_said(api: httpx.AsyncClient) -> None:
    for q, limit, has_more in (
        ("NZE141-1234505", 1, True),  # others are a mistake away
        ("plate:AA1234BB", 1, True),  # others may be
        ("plate:AA1234BB", 2, False),
        ("275482", 1, False),  # of so few characters no mistake is looked for
    ):
        told = await page(api, q, limit=limit)
        assert (len(told["items"]), told["has_more"]) == (1, has_more), (q, limit)


async def test_what_says_too_little_of_the_ends_is_not_looked_for_and_that_is_said(
    api: httpx.AsyncClient,
) -> None:
    for q in ("*2754*", "?27?", "54?", "123"):
        told = await page(api, q)
        assert (told["items"], told["limited"]) == ([], "too_little"), q
    both = await page(api, f"*2754* {VIN}")
    assert (len(both["items"]), both["limited"]) == (1, "too_little")


async def test_whatever_is_typed_is_data(api: httpx.AsyncClient) -> None:
    drop = f"'; DROP TABLE {schema.RECORDS} --"
    for q in ("", "*", "????", '"', "красная камри", drop, "4T4%", "\\' OR 1", "__", "Ж" * 90, "%(names)s"):
        assert (await page(api, q))["items"] == [], q
    assert len((await page(api, VIN))["items"]) == 1


@pytest.mark.parametrize("asked", [{"q": "A" * 501}, {"q": VIN, "limit": 0}, {"q": VIN, "limit": 21}])
async def test_more_than_can_be_asked_is_refused(api: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    assert (await api.get(PATH, params=asked)).status_code == 422


@asynccontextmanager
async def silent() -> AsyncGenerator[str]:
    """An engine that takes connections and never says anything."""

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writer.wait_closed()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    yield f"clickhouse://nobody:nothing@127.0.0.1:{server.sockets[0].getsockname()[1]}/none"
    server.close()


async def test_an_engine_that_is_slow_away_or_not_there_is_said(
    bpa_settings: Settings, bpa_ports: ApiPorts
) -> None:
    async with silent() as url:
        for address, why in (
            (url, "store_slow"),
            ("clickhouse://127.0.0.1:1/none", "store_away"),
            ("", "store_away"),
        ):
            async with signed_in(bpa_settings, bpa_ports, clickhouse_url=address) as (api, _):
                assert await page(api, VIN) == {"items": [], "has_more": False, "limited": why}


async def test_where_nothing_was_imported_nothing_is_missing(
    bpa_settings: Settings, bpa_ports: ApiPorts, engine_url: str
) -> None:
    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (api, _):
        assert await page(api, VIN) == {"items": [], "has_more": False, "limited": None}


async def test_records_that_are_not_put_in_order_yet_are_not_read_from_end_to_end(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, engine_url: str
) -> None:
    made = schema.staging_table(7).replace(schema.staging(7), schema.RECORDS)
    await store.engine.command(made)
    await store.engine.insert(f"INSERT INTO {schema.RECORDS} (name, value) VALUES", [["vin"], [VIN]])
    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (api, _):
        assert (await page(api, "275482"))["limited"] == "store_away"


async def test_nobody_looks_for_vehicles_without_end(bpa_settings: Settings, bpa_ports: ApiPorts) -> None:
    async with signed_in(bpa_settings, bpa_ports, vehicle_lookups_per_expert="2/minute") as (api, _):
        answers = [await api.get(PATH, params={"q": "*"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
