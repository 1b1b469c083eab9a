"""How a case hangs together with others: nodes and edges with their grounds, bounded; and what differs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from uuid import uuid4

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.known import graph
from bpa_service.cases.tying import service as tying
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from bpa_service.vehicles.lookup.finding import Finder
from bpa_service.vehicles.records.record import Identifier, Record
from bpa_service.vehicles.store.analytics import EngineAway
from bpa_service.vehicles.store.records import VehicleRecords
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.records import Kind, Precision
from shared_schemas.words import Shot
from tests.service.cases.conftest import START, Desk
from tests.service.cases.naming import ENGINE, OTHER_VIN, VIN, opened, read_off
from tests.support.api import running
from tests.support.experts import sign_in

Json = Any
SEEN: Final = Record(
    source="us_auctions",
    kind=Kind.AUCTION,
    key="1",
    row_hash=bytes(16),
    file="sales.csv",
    row=7,
    as_of=datetime(2026, 3, 1, tzinfo=UTC),
    vin=VIN,
    plate="C123BC77",
    began=date(2026, 2, 20),
    precision=Precision.DAY,
)


class Store:
    """Records without an engine."""

    def __init__(self, *records: Record, away: bool = False) -> None:
        self.records, self.away = list(records), away

    async def of(self, identifiers: Sequence[Identifier]) -> list[Record]:
        if self.away:
            raise EngineAway
        wanted = {one.value for one in identifiers}
        return [one for one in self.records if wanted & {name.value for name in one.identifiers()}]

    async def ranges(self, *_: Any) -> list[Record]:
        return []


async def graph_of(settings: Settings, ports: ApiPorts, case_id: Any, store: Store | None = None) -> Json:
    app = create_app(settings)
    async with running(app) as api:
        app.state.vehicles = Finder(
            database=ports.backbone.database, store=cast("VehicleRecords | None", store)
        )
        caller = await sign_in(ports, Role.AUDITOR)
        answer = await api.get(f"/api/v1/cases/{case_id}/graph", headers=caller.headers)
    assert answer.status_code == 200
    return answer.json()


def edges(told: Json) -> set[tuple[str, str, str]]:
    labels = {node["id"]: node["label"] or node["kind"] for node in told["nodes"]}
    return {(labels[one["source"]], one["kind"], labels[one["target"]]) for one in told["edges"]}


async def test_cases_hang_together_by_names_photos_and_ties(
    desk: Desk, bpa_settings: Settings, bpa_ports: ApiPorts
) -> None:
    first = await opened(desk, plate="A123BC77", shot=Shot.ENGINE_NUMBER)
    case_id = await opened(desk, plate="B123BC77", minutes=1)
    await desk.claim(first, desk.anna)
    await read_off(desk, first, ENGINE)
    await desk.do(tying.tie, case_id, first, by=desk.anna)
    await opened(desk, OTHER_VIN, minutes=2)  # which has the photo

    told = await graph_of(bpa_settings, bpa_ports, case_id)

    assert told["nodes"][0]["case_id"] == str(case_id)
    numbers = {node["case_id"]: node["label"] for node in told["nodes"] if node["kind"] == "case"}
    assert len(numbers) == 3
    labels = {(kind, label) for _, kind, label in edges(told)}
    assert {
        ("claimed", "SAL 1A2A40 SA606662"),
        ("claimed", "SAL 1A2A40 SA606663"),
        ("read", ENGINE),
        ("tied", numbers[str(first)]),
        ("same_photo", "A"),
    } <= labels
    [read] = [one for one in told["edges"] if one["kind"] == "read"]
    assert read["source"] == f"case {first}"
    assert read["evidence_id"] == str((await desk.full(first)).evidence[0].evidence_id)
    assert [one["preview"] is not None for one in told["nodes"] if one["kind"] == "photo"] == [True]
    ids = {node["id"] for node in told["nodes"]}
    assert all({one["source"], one["target"]} <= ids for one in told["edges"])
    assert not told["is_cut"]


async def test_what_differs_points_at_both_cases(
    desk: Desk, bpa_settings: Settings, bpa_ports: ApiPorts
) -> None:
    first = await opened(desk, plate="A123BC77", mileage_km=150_000)
    case_id = await opened(desk, plate="B123BC77", mileage_km=90_000, minutes=60 * 24)

    told = await graph_of(bpa_settings, bpa_ports, case_id)

    said = {one["kind"]: one for one in told["signs"]}
    assert said.keys() == {"plate", "mileage"}
    for one in said.values():
        assert (one["earlier"]["case_id"], one["later"]["case_id"]) == (str(first), str(case_id))
        assert (one["earlier"]["since"], one["later"]["since"]) == ("2026-03-02", "2026-03-03")
        assert not one["changed"]
    assert told["registers"] == "not_asked"


async def test_records_say_so_too_and_point_at_their_row(
    desk: Desk, bpa_settings: Settings, bpa_ports: ApiPorts
) -> None:
    case_id = await opened(desk, plate="A123BC77")

    told = await graph_of(bpa_settings, bpa_ports, case_id, Store(SEEN))

    [sign] = told["signs"]
    by = sign["earlier"]
    assert (by["source"], by["file"], by["row"], by["as_of"]) == (
        "US vehicle auctions",
        "sales.csv",
        7,
        "2026-03-01",
    )
    assert (by["since"], sign["later"]["case_id"], sign["changed"]) == ("2026-02-20", str(case_id), False)
    assert told["registers"] == "data"


async def test_records_that_are_away_cost_nothing_else(
    desk: Desk, bpa_settings: Settings, bpa_ports: ApiPorts
) -> None:
    await opened(desk, plate="A123BC77")
    case_id = await opened(desk, plate="B123BC77")

    told = await graph_of(bpa_settings, bpa_ports, case_id, Store(away=True))

    assert [one["kind"] for one in told["signs"]] == ["plate"]
    assert told["registers"] == "not_asked"


async def test_a_car_that_very_many_ask_about_is_drawn_in_part(
    desk: Desk, bpa_settings: Settings, bpa_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "MOST_CASES", 4)
    monkeypatch.setattr(graph, "MOST_NODES", 7)
    cases = [await opened(desk, plate=f"A{n}23BC77", minutes=n) for n in range(6)]

    told = await graph_of(bpa_settings, bpa_ports, cases[0])

    kinds = [node["kind"] for node in told["nodes"]]
    assert (kinds.count("case"), len(kinds), told["is_cut"]) == (4, 7, True)
    assert kinds[4] == "number"  # what all of them have
    ids = {node["id"] for node in told["nodes"]}
    assert all({one["source"], one["target"]} <= ids for one in told["edges"])


async def test_of_what_is_erased_nothing_is_drawn(
    desk: Desk, bpa_settings: Settings, bpa_ports: ApiPorts, bpa_api: httpx.AsyncClient
) -> None:
    case_id, other = await opened(desk), await opened(desk)
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=other, erased_at=START))
    for one in (case_id, other):
        told = await graph_of(bpa_settings, bpa_ports, one)
        assert [node["case_id"] for node in told["nodes"] if node["kind"] == "case"] == [str(one)]
    assert (told["edges"], told["signs"], told["registers"]) == ([], [], "declined")
    caller = await sign_in(bpa_ports, Role.EXPERT, "nina")
    answer = await bpa_api.get(f"/api/v1/cases/{uuid4()}/graph", headers=caller.headers)
    assert answer.status_code == 404
