"""The history of a vehicle through the API: records in a real engine, and engines that do not answer."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.api_ports import ApiPorts
from bpa_service.settings import Settings
from bpa_service.vehicles.lookup.finding import Finder
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.store.records import VehicleRecords
from deploy.embedded.clickhouse import EmbeddedClickHouse
from tests.service.vehicles.lookups import AS_OF, OTHER, SALES, VIN, WANTED, imported, signed_in

_RECALL: Final = "18/02/2014,{number},LEXUS,ES,ENGINE MAY STALL,Soot,Repair,7,C1,ES,{first},{last},,"
RECALLS: Final = "\n".join(
    [
        ",".join(catalogue.mapping("recalls_uk").file.header),
        _RECALL.format(number="R/2014/1", first="4T4BF1FK5DR275000", last="4T4BF1FK1DR276000"),
        _RECALL.format(number="R/2014/2", first="4T4BF***5DR275000", last="4T4BF***5DR276000"),
        _RECALL.format(number="R/2014/3", first="4T4BF1FK5DR276000", last="4T4BF1FK1DR277000"),
        _RECALL.format(number="R/2014/4", first="", last=""),
    ]
)


def block(told: Any, kind: str) -> Any:
    return next(one for one in told["blocks"] if one["kind"] == kind)


def at(told: Any, kind: str, source: str) -> Any:
    return next(one for one in block(told, kind)["coverage"] if one["source"] == source)


async def test_a_history_names_what_each_statement_rests_on(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, engine_url: str, tmp_path: Path
) -> None:
    await imported(bpa_ports, store, tmp_path, us_auctions=SALES, opencars_wanted=WANTED)

    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (api, _):
        answer = await api.get(f"/api/v1/vehicles/vin/{VIN.lower()}")

    assert answer.status_code == 200
    told = answer.json()
    entries = {one["id"]: one for one in told["entries"]}
    assert {one["value"] for one in told["names"]} == {VIN}
    assert told["decode"]["makes"] == ["Toyota"] or "Toyota" in told["decode"]["makes"]
    [fall] = told["mileages"]["falls"]
    assert (fall["kind"], fall["km"]) == ("rollback", 160_934)
    higher = entries[fall["higher"]]
    assert (higher["source"], higher["file"], higher["row"]) == ("us_auctions", "us_auctions.csv", 2)
    assert higher["mileage"] == {"km": 223509, "value": 138882.0, "unit": "mi", "quality": "unstated"}
    assert at(told, "auction", "us_auctions")["state"] == "data"
    assert (at(told, "wanted", "opencars_wanted")["state"], block(told, "wanted")["count"]) == ("data", 1)
    assert at(told, "recall", "recalls_uk") == {
        "source": "recalls_uk",
        "state": "not_covered",
        "asked_at": None,
        "as_of": None,
        "count": 0,
        "reason": "never_imported",
    }
    assert {one["name"] for one in told["sources"]} == set(catalogue.names())


async def test_the_plate_that_a_record_states_is_followed_and_another_car_with_it_stands_apart(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, engine_url: str, tmp_path: Path
) -> None:
    await imported(bpa_ports, store, tmp_path, opencars_wanted=WANTED)

    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (api, _):
        told = (await api.get(f"/api/v1/vehicles/vin/{VIN}")).json()
        by_plate = (await api.get("/api/v1/vehicles/plate/AA1234BB")).json()

    [plate] = [one for one in told["followed"] if one["name"] == "plate"]
    assert (plate["value"], len(plate["stated_by"])) == ("AA1234BB", 1)
    assert told["count"] == 1
    [other] = told["of_others"]
    assert {"name": "vin", "value": OTHER, "country": ""} in other["names"]
    # Nobody knows which of the two is meant by the plate alone.
    assert (by_plate["count"], len(by_plate["of_others"])) == (0, 2)


async def test_a_recall_whose_range_has_the_number_is_told_apart_from_records_of_the_car(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, engine_url: str, tmp_path: Path
) -> None:
    await imported(bpa_ports, store, tmp_path, us_auctions=SALES, recalls_uk=RECALLS)

    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (api, _):
        told = (await api.get(f"/api/v1/vehicles/vin/{VIN}")).json()
        other = (await api.get(f"/api/v1/vehicles/vin/{OTHER}")).json()

    entries = {one["id"]: one for one in told["entries"]}
    [lies, may] = told["in_ranges"]
    assert (lies["fit"], lies["why"]) == ("yes", [])
    assert (entries[lies["entry"]]["attributes"]["number"], entries[lies["entry"]]["make"]) == (
        "R/2014/1",
        "LEXUS",
    )
    assert (may["fit"], may["why"]) == ("may", ["hidden"])
    assert entries[may["entry"]]["attributes"]["number"] == "R/2014/2"
    found = at(told, "recall", "recalls_uk")
    assert (found["state"], found["count"], found["reason"]) == ("data", 2, "in_range")
    # It is no record of the car: counted nowhere, and its make contradicts nothing.
    assert (told["count"], block(told, "recall")["count"]) == (2, 0)
    [make] = [one for one in told["aspects"] if one["name"] == "make"]
    assert [one["means"] for one in make["statements"]] == ["Toyota"]
    assert {one["entry"] for one in told["timeline"]}.isdisjoint({lies["entry"], may["entry"]})

    assert other["in_ranges"] == []
    silent = at(other, "recall", "recalls_uk")
    assert (silent["state"], silent["reason"]) == ("not_covered", "by_ranges")


async def test_silence_of_files_that_could_know_the_car_is_empty_as_of_them(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, engine_url: str, tmp_path: Path
) -> None:
    await imported(bpa_ports, store, tmp_path, opencars_wanted=WANTED)

    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (api, _):
        told = (await api.get("/api/v1/vehicles/vin/XTA21144094700001")).json()

    found = at(told, "wanted", "opencars_wanted")
    assert (found["state"], found["reason"]) == ("empty", "partial_deliveries")
    assert datetime.fromisoformat(found["as_of"]) == AS_OF
    assert all(
        one["state"] != "empty" for kind in ("accident", "pledge") for one in block(told, kind)["coverage"]
    )


async def test_a_store_without_tables_knows_of_nothing_that_was_imported(
    bpa_settings: Settings, bpa_ports: ApiPorts, engine_url: str
) -> None:
    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=engine_url) as (api, _):
        told = (await api.get(f"/api/v1/vehicles/vin/{VIN}")).json()

    assert {one["reason"] for kind in told["blocks"] for one in kind["coverage"]} == {
        "never_imported",
        "not_configured",
    }


@pytest.mark.parametrize("url", ["", "clickhouse://nobody:nothing@127.0.0.1:1/none"])
async def test_without_an_engine_a_block_is_not_covered_now(
    bpa_settings: Settings,
    bpa_ports: ApiPorts,
    store: VehicleRecords,
    tmp_path: Path,
    url: str,
) -> None:
    await imported(bpa_ports, store, tmp_path, us_auctions=SALES)

    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=url) as (api, _):
        told = (await api.get(f"/api/v1/vehicles/vin/{VIN}")).json()

    found = at(told, "auction", "us_auctions")
    assert (found["state"], found["reason"]) == ("not_covered", "store_away")
    assert told["count"] == 0


async def test_an_engine_that_hangs_costs_its_blocks_and_nothing_else_of_the_api(
    bpa_settings: Settings, bpa_ports: ApiPorts, store: VehicleRecords, tmp_path: Path
) -> None:
    await imported(bpa_ports, store, tmp_path, us_auctions=SALES)
    asked = asyncio.Event()

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await writer.wait_closed()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"clickhouse://nobody:nothing@127.0.0.1:{port}/none"
    async with signed_in(bpa_settings, bpa_ports, clickhouse_url=url) as (api, app):
        finder: Finder = app.state.vehicles
        lookups = [asyncio.create_task(api.get(f"/api/v1/vehicles/vin/{VIN}")) for _ in range(12)]
        await asked.wait()
        others = [await api.get("/api/v1/queue") for _ in range(3)]  # while all threads of the store hang
        told = [answer.json() for answer in await asyncio.gather(*lookups)]
        server.close()

    assert finder.patience == timedelta(seconds=2)
    assert [answer.status_code for answer in others] == [200, 200, 200]
    for one in told:
        found = at(one, "auction", "us_auctions")
        assert (found["state"], found["reason"]) == ("not_covered", "store_slow")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("vin", "XTA2114409470", "no_number_of_a_vehicle"),  # cut short
        ("vin", "XTA21144*9470*001", "no_number_of_a_vehicle"),
        ("vin", "11111111111111111", "no_number_of_a_vehicle"),  # a placeholder: of sixteen strangers
        ("vin", "'; DROP TABLE", "no_number_of_a_vehicle"),
        ("plate", "%F0%9F%9A%97", "no_number_of_a_vehicle"),
        ("vin", "%00", "forbidden_character"),
        ("vin", "A" * 201, "malformed_request"),
        ("engine", "21126", "malformed_request"),  # another car may have it by now
    ],
)
async def test_what_is_no_number_of_a_vehicle_is_refused(
    bpa_settings: Settings, bpa_ports: ApiPorts, name: str, value: str, code: str
) -> None:
    async with signed_in(bpa_settings, bpa_ports) as (api, _):
        answer = await api.get(f"/api/v1/vehicles/{name}/{value}")

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_nobody_looks_up_vehicles_without_end(bpa_settings: Settings, bpa_ports: ApiPorts) -> None:
    async with signed_in(bpa_settings, bpa_ports, vehicle_lookups_per_expert="2/minute") as (api, _):
        answers = [await api.get(f"/api/v1/vehicles/vin/{VIN}") for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]


async def test_the_engine_of_the_tests_answers(clickhouse: EmbeddedClickHouse) -> None:
    """So that no test above passes because there is no engine at all."""
    outside = ClickHouse(clickhouse.url())
    assert await outside.rows("SELECT 1") == [(1,)]
    await outside.close()
