"""A first look at a car before anything is ordered: hardly waited for, kept for a while, counted per person."""

import json
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import Final

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.inspections.numbers.preview import Previews, target_of
from cabinet_service.settings import Settings
from service_kit.caching import MemoryCache
from service_kit.http.peer import Peer
from service_kit.signing import KeyRing
from shared_schemas.identifiers import read_identifier
from shared_schemas.rest.previews import PreviewState, VehiclePreview
from shared_schemas.words import IdentifierKind
from tests.service.inspections.experts_side import KNOWN, Experts
from tests.support.api import running

VIN: Final = "WVWZZZ1JZ3W386752"
Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def experts() -> Experts:
    return Experts()


@pytest.fixture
async def api(cabinet_settings: Settings, experts: Experts) -> AsyncGenerator[httpx.AsyncClient]:
    app = create_app(cabinet_settings.model_copy(update={"previews_per_address": "3/hour"}))
    async with running(app) as client:
        ports: ApiPorts = app.state.ports
        ports.backbone.peer._client = httpx.AsyncClient(  # pyright: ignore[reportPrivateUsage] - a test looks inside
            transport=httpx.MockTransport(experts)
        )
        yield client


async def test_how_much_is_known_is_told_to_anybody_and_asked_for_once(
    api: httpx.AsyncClient, experts: Experts
) -> None:
    first = await api.post("/api/v1/vin/preview", json={"text": VIN.lower()})
    again = await api.post("/api/v1/vin/preview", json={"text": f"VIN {VIN}"})

    assert first.status_code == 200
    assert first.json() == again.json()
    assert first.json() == {
        "state": "known",
        "records": 12,
        "sources": 2,
        "as_of": "2026-06-01T00:00:00Z",
        "last_mileage_year": 2024,
    }
    assert experts.asked == [f"/internal/v1/vehicles/vin/{VIN}/preview"]


async def test_nobody_fetches_a_register_car_by_car(api: httpx.AsyncClient) -> None:
    answers = [await api.post("/api/v1/vin/preview", json={"text": VIN}) for _ in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]


async def test_what_is_in_the_way_is_not_told_and_nobody_waits(experts: Experts) -> None:
    previews = Previews(experts.peer(), MemoryCache(), patience=timedelta(seconds=0.2))
    reading = read_identifier(VIN)
    answers = [httpx.Response(status) for status in (500, 503, 404, 422)]
    for answer in (*answers, httpx.Response(200, text="<html>")):
        experts.answer = answer
        assert (await previews.of(reading)).state is PreviewState.UNKNOWN
    experts.hangs = True
    assert (await previews.of(reading)).state is PreviewState.UNKNOWN

    experts.hangs, experts.answer = False, httpx.Response(200, content=json.dumps(KNOWN))
    assert (await previews.of(reading)).state is PreviewState.KNOWN, "what was unknown was not kept"


@pytest.mark.parametrize("text", ["11111111111111111", "WVWZZZ1JZ3W38675", "б/н", ""])
async def test_what_is_no_number_of_a_car_is_not_asked(experts: Experts, text: str) -> None:
    found = await Previews(experts.peer(), MemoryCache()).of(read_identifier(text))

    assert found.state is PreviewState.UNKNOWN
    assert experts.asked == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ж1234мо", IdentifierKind.PLATE),
        ("MÜ AB 123", IdentifierKind.PLATE),
        (VIN, IdentifierKind.VIN),
        ("SV30-0169266", IdentifierKind.FRAME),
    ],
)
async def test_the_experts_side_knows_who_asks_in_any_alphabet(
    cabinet_settings: Settings, bpa_api: httpx.AsyncClient, text: str, kind: IdentifierKind
) -> None:
    peer = Peer(str(bpa_api.base_url), KeyRing(cabinet_settings.service_keys), bpa_api)
    reading = read_identifier(text, kind)
    assert reading.ok

    found = await peer.get(target_of(reading), VehiclePreview)

    assert found.state is PreviewState.UNKNOWN, "there is no store here"
