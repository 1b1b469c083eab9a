"""What records teach of VINs is counted in the store, once a day, and is at hand for whoever reads one."""

import asyncio
import csv
import random
from collections.abc import AsyncGenerator, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.states import ImportState
from bpa_service.vehicles.learning import service
from bpa_service.vehicles.learning.counting import counted
from bpa_service.vehicles.learning.current import CurrentRules
from bpa_service.vehicles.learning.models import LearnedVins
from bpa_service.vehicles.learning.packing import packed, unpacked
from bpa_service.vehicles.records.columns import Batch
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.record import Record
from bpa_service.vehicles.store.analytics import EngineAway
from bpa_service.vehicles.store.records import VehicleRecords
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas import vin
from shared_schemas.records import Kind
from shared_schemas.vin import learned as learning
from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.conclusions import ConclusionCode, conclusions
from shared_schemas.vin.facts import facts
from shared_schemas.vin.learned import Learned, learn, learn_counted
from tests.support.api import running
from tests.support.experts import sign_in
from tests.support.vehicle_files import AS_OF, REAL_FILES

Said = learning.Record


def record(said: Said, number: int, **more: Any) -> Record:
    return Record(
        source="cars",
        kind=Kind.DESCRIPTION,
        key=str(number),
        row_hash=number.to_bytes(16, "big"),
        file="cars.csv",
        row=number,
        as_of=AS_OF,
        vin=said.vin,
        year=said.year,
        make=said.make or "",
        **more,
    )


async def brought(store: VehicleRecords, records: Iterable[Record]) -> None:
    await store.begin(1)
    sent = await store.add(1, 1, Batch.of(records))
    await store.publish(1, "cars", as_of=AS_OF, complete=False, expected=sent)
    await store.forget(1)


def plant(beginning: str, count: int, *, digit: bool, year_at: int | None, make: str) -> Iterator[Said]:
    """Cars that have a check digit or none, and the year at position 10, 11 or nowhere."""
    dice = random.Random(beginning)
    for number in range(count):
        year = dice.choice(range(1985, 2026))
        code = vin.YEAR_CODES[(year - vin.FIRST_YEAR) % vin.CYCLE]
        middle = {10: code + "U", 11: "0" + code, None: "0U"}[year_at]
        text = f"{beginning:A<8}Z{middle}{number:06}"
        if digit:
            text = text[:8] + vin.compute_check_digit(text) + text[9:]
        yield Said(text, year + dice.choice((-1, 0, 0, 0, 1)), make)


def cars() -> list[Said]:
    """Plants of every habit, models that differ within one, dirt, and too few of one kind."""
    found = [
        *plant("YV1AA", 40, digit=True, year_at=10, make="Volvo"),
        *plant("YV1BB", 30, digit=False, year_at=11, make="VOLVO"),
        *plant("WDD", 25, digit=False, year_at=None, make="Mercedes-Benz"),
        *plant("SAL", 7, digit=True, year_at=10, make="Land Rover"),
        *plant("XTA", 60, digit=False, year_at=10, make="Лада"),
    ]
    dirty = [one._replace(year=None, make=None) if place % 9 == 0 else one for place, one in enumerate(found)]
    # Several records of one car, which names one year most often; and a make that is a slip.
    return [*dirty, *dirty[::3], *dirty[::3], dirty[3]._replace(year=1999), dirty[2]._replace(make="Lada")]


async def taught(store: VehicleRecords) -> Learned:
    return learn_counted(*await counted(store.engine))


async def test_the_store_counts_as_python_does(store: VehicleRecords) -> None:
    said = cars()
    await brought(store, [record(one, number) for number, one in enumerate(said, 1)])

    assert (await taught(store)).rules == learn(said).rules
    rules = (await taught(store)).rules
    assert (rules["YV1AA"].check, rules["YV1AA"].year) == (CheckRule.COMPUTED, YearPlace.AT_10)
    assert (rules["YV1BB"].check, rules["YV1BB"].year) == (CheckRule.NONE, YearPlace.AT_11)
    assert rules["WDD"].year is YearPlace.NOWHERE
    assert "SAL" not in rules


async def test_what_is_taken_back_or_has_no_vin_teaches_nothing(store: VehicleRecords) -> None:
    said = list(plant("YV1AA", 40, digit=True, year_at=10, make="Volvo"))
    gone = [record(one, number, action=Action.WITHDRAW) for number, one in enumerate(said, 1)]
    others = [record(Said("", 2001, "Volvo"), number, engine=f"B{number}") for number in range(100, 140)]
    await brought(store, [*gone, *others])

    assert (await taught(store)).rules == {}


@pytest.mark.skipif(not REAL_FILES.is_dir(), reason="the folder of real data is not there")
async def test_real_sales_teach_the_same_in_both_ways(store: VehicleRecords) -> None:
    with (REAL_FILES / "us_auctions" / "camry_sales.csv").open(encoding="utf-8-sig", newline="") as file:
        named = [{name.lower(): text for name, text in row.items()} for row in csv.DictReader(file)]
    rows = [row for row in named if vin.is_well_formed(row["vin"].upper())]
    said = [Said(row["vin"].upper(), int(row["year"]), row["make"]) for row in rows]
    await brought(store, [record(one, number) for number, one in enumerate(said, 1)])

    learned = await taught(store)

    assert learned.rules
    assert learned == learn(said)


def test_rules_come_back_from_bytes_as_they_were() -> None:
    learned = learn(cars())
    kept = unpacked(packed(learned))

    assert kept.rules.keys() == learned.rules.keys()
    for prefix, rule in kept.rules.items():
        other = learned.rules[prefix]
        assert (rule.check, rule.check_support, rule.year, rule.year_support, rule.makes) == (
            *(other.check, other.check_support, other.year, other.year_support, other.makes),
        )
        assert rule.check_confidence == pytest.approx(other.check_confidence, abs=1e-4)


@pytest.fixture
async def away() -> AsyncGenerator[ClickHouse]:
    """An engine that does not answer."""
    engine = ClickHouse("clickhouse://nobody:nothing@127.0.0.1:1/nothing")
    yield engine
    await engine.close()


async def imported(ports: ApiPorts) -> None:
    """Something was imported just now."""
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        session.add(
            ImportRun(
                id=new_id(),
                source="cars",
                file="cars.csv",
                sha256="0" * 64,
                as_of=AS_OF,
                state=ImportState.PUBLISHED,
                tally={},
                came_by="upload",
                came_at=now,
                started_at=now,
                alive_until=now,
                ended_at=now,
            )
        )


async def a_day_passes(ports: ApiPorts) -> None:
    async with ports.backbone.database.writing() as session:
        earlier = LearnedVins.learned_at - service.EVERY - timedelta(minutes=1)
        await session.execute(update(LearnedVins).values(learned_at=earlier))


async def test_once_a_day_it_is_learned_anew_where_something_was_imported(
    store: VehicleRecords, bpa_ports: ApiPorts, away: ClickHouse
) -> None:
    database, engine = bpa_ports.backbone.database, store.engine
    assert not await service.learn_if_due(database, away), "without imports nobody wakes the engine"
    await brought(store, [record(one, number) for number, one in enumerate(cars(), 1)])
    await imported(bpa_ports)

    at_once = await asyncio.gather(*(service.learn_if_due(database, engine) for _ in range(3)))
    assert sum(at_once) == 1, "of several workers one does"
    await imported(bpa_ports)
    assert not await service.learn_if_due(database, engine), "it was learned today"
    await a_day_passes(bpa_ports)
    with pytest.raises(EngineAway):
        await service.learn_if_due(database, away)
    async with database.reading() as session:
        assert (await session.scalar(select(func.max(LearnedVins.count))) or 0) > 0, "the old ones hold"
    assert await service.learn_if_due(database, engine)
    assert not await service.learn_if_due(database, away), "nothing was imported since"


async def test_whoever_reads_a_vin_has_the_rules_at_hand_and_says_their_support(
    store: VehicleRecords, bpa_ports: ApiPorts
) -> None:
    said = list(plant("WDD", 40, digit=True, year_at=10, make="Mercedes-Benz"))
    rules = CurrentRules(bpa_ports.backbone.database)
    assert rules.current() == Learned()
    await rules.settled()
    await brought(store, [record(one, number) for number, one in enumerate(said, 1)])
    await imported(bpa_ports)
    await service.learn_if_due(bpa_ports.backbone.database, store.engine)

    assert rules.current() == Learned(), "it looks again only after a while"
    fresh = CurrentRules(bpa_ports.backbone.database)
    fresh.current()
    await fresh.settled()

    told = {
        one.code: one.params
        for one in conclusions(facts(said[0].vin, this_year=2026, learned=fresh.current()))
    }
    assert told[ConclusionCode.CHECK_LEARNED]["support"] == "40"
    assert ConclusionCode.YEAR_LEARNED in told
    await fresh.close()


async def test_the_desk_is_told_what_rests_on_one_s_own_records(
    store: VehicleRecords, bpa_ports: ApiPorts, bpa_settings: Settings
) -> None:
    said = list(plant("WDD", 40, digit=True, year_at=10, make="Mercedes-Benz"))
    await brought(store, [record(one, number) for number, one in enumerate(said, 1)])
    await imported(bpa_ports)
    await service.learn_if_due(bpa_ports.backbone.database, store.engine)
    headers = (await sign_in(bpa_ports, Role.EXPERT, "anna")).headers
    app = create_app(bpa_settings)

    async with running(app) as api:
        path = f"/api/v1/vehicles/vin/{said[0].vin}"
        await api.get(path, headers=headers)
        await app.state.learned.settled()
        told = (await api.get(path, headers=headers)).json()["decode"]

    learned = {one["code"]: one["params"] for one in told["conclusions"] if one["code"].endswith("_learned")}
    assert learned["check_learned"]["support"] == "40"
    assert "year_learned" in learned
