"""What the experts' records teach of VINs, at the client's side: said with its support, kept, done without."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.inspections.numbers.learned import ASKED_AGAIN_AFTER, STANDS_FOR, LearnedRules
from cabinet_service.settings import Settings
from service_kit.caching import Cache, MemoryCache
from service_kit.http.peer import Peer
from service_kit.signing import KeyRing
from shared_schemas.identifiers import read_identifier
from shared_schemas.rest.vin_rules import VinRules
from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.learned import Learned, Rule
from shared_schemas.words import IdentifierKind
from tests.service.inspections.experts_side import Experts
from tests.support.api import running

VIN: Final = "WDD2040081A123456"
OTHER: Final = "XTA210990Y2766389"
BEGINNING: Final = VIN[:7]
RULES: Final = VinRules.about(
    BEGINNING,
    Learned(
        {
            "WDD": Rule("WDD", year=YearPlace.AT_10, year_support=90, year_confidence=0.96),
            "WDD2040": Rule("WDD2040", check=CheckRule.NONE, check_support=40, check_confidence=0.91),
        }
    ),
    datetime(2026, 11, 1, tzinfo=UTC),
)


@pytest.fixture
def experts() -> Experts:
    found = Experts()
    found.answer = httpx.Response(200, content=RULES.model_dump_json())
    return found


@pytest.fixture
async def api(cabinet_settings: Settings, experts: Experts) -> AsyncGenerator[httpx.AsyncClient]:
    app = create_app(cabinet_settings)
    async with running(app) as client:
        ports: ApiPorts = app.state.ports
        ports.backbone.peer._client = httpx.AsyncClient(  # pyright: ignore[reportPrivateUsage] - a test looks inside
            transport=httpx.MockTransport(experts)
        )
        yield client


async def inspected(api: httpx.AsyncClient, text: str = VIN) -> dict[str, Any]:
    answer = await api.post("/api/v1/vin/inspect", json={"text": text})
    assert answer.status_code == 200, answer.text
    return answer.json()


def learned_in(told: dict[str, Any]) -> dict[str, str]:
    return {one["code"]: one["params"]["support"] for one in told["conclusions"] if "learned" in one["code"]}


async def test_a_vin_is_read_by_what_was_learned_and_its_support_is_said(
    api: httpx.AsyncClient, experts: Experts
) -> None:
    told = await inspected(api)
    again = await inspected(api, f"VIN {VIN[:-1]}7")

    assert learned_in(told) == learned_in(again) == {"check_learned": "40", "year_learned": "90"}
    assert told["vin_facts"]["check_digit"]["rule"] == "none"
    assert [one["year"] for one in told["vin_facts"]["model_years"]] == [2001]
    assert told["vin_facts"]["year_is_known"]
    # No more of the number than cars have in common, and once for all that begin so.
    assert experts.asked == [f"/internal/v1/vins/{BEGINNING}/rules"]


async def test_without_the_experts_it_is_read_as_before_and_they_are_not_asked_each_time(
    api: httpx.AsyncClient, experts: Experts
) -> None:
    experts.answer = httpx.Response(503)

    told = [await inspected(api, text) for text in (VIN, VIN, OTHER)]

    assert [learned_in(one) for one in told] == [{}, {}, {}]
    assert told[0]["ok"]
    # About no other beginning either.
    assert len(experts.asked) == 1


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, text="<html>")])
async def test_what_is_no_answer_teaches_nothing(experts: Experts, answer: httpx.Response) -> None:
    experts.answer = answer

    assert await rules(experts).about(read_identifier(VIN)) == Learned()


async def test_nobody_waits_for_experts_who_hang(experts: Experts) -> None:
    experts.hangs = True

    assert await rules(experts).about(read_identifier(VIN)) == Learned()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("А123ВС77", None),
        ("SV30-0169266", None),
        ("WDD204", IdentifierKind.VIN),
        ("WD?2040081A123456", IdentifierKind.VIN),
    ],
)
async def test_what_does_not_begin_as_a_vin_is_not_asked_about(
    experts: Experts, text: str, kind: IdentifierKind | None
) -> None:
    assert await rules(experts).about(read_identifier(text, kind)) == Learned()
    assert experts.asked == []


async def test_a_beginning_that_cars_have_goes_before_others_where_a_character_is_missing(
    api: httpx.AsyncClient,
) -> None:
    told = await inspected(api, VIN[:-1])

    assert {one["reason"] for one in told["candidates"]} == {"missing"}
    assert all(one["value"].startswith(BEGINNING) for one in told["candidates"])


class Noting(MemoryCache):
    """How long each key is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: dict[str, timedelta] = {}

    async def put(self, key: str, value: bytes, *, lasts: timedelta) -> None:
        self.noted[key] = lasts
        await super().put(key, value, lasts=lasts)


@pytest.mark.parametrize(
    ("answer", "lasts"),
    [
        (RULES, STANDS_FOR),
        (VinRules(learned_at=RULES.learned_at), ASKED_AGAIN_AFTER),
        (VinRules(), ASKED_AGAIN_AFTER),
    ],
    ids=["rules", "none", "not read yet"],
)
async def test_only_rules_are_kept_for_long(experts: Experts, answer: VinRules, lasts: timedelta) -> None:
    experts.answer = httpx.Response(200, content=answer.model_dump_json())
    cache = Noting()
    await LearnedRules(experts.peer(), cache).about(read_identifier(VIN))

    assert list(cache.noted.values()) == [lasts]


async def test_beginnings_that_nothing_is_known_of_fill_no_cache_while_the_experts_are_away(
    experts: Experts,
) -> None:
    experts.hangs = True
    cache = Noting()
    for text in (VIN, OTHER, "WVWZZZ1JZ3W386752"):
        assert await rules(experts, cache).about(read_identifier(text)) == Learned()

    assert len(cache.noted) == len(experts.asked) == 1


async def test_nobody_waits_for_a_cache_that_hangs(experts: Experts) -> None:
    class Hanging(MemoryCache):
        async def put(self, key: str, value: bytes, *, lasts: timedelta) -> None:
            del key, value, lasts
            await asyncio.Event().wait()

    assert await rules(experts, Hanging()).about(read_identifier(VIN)) == RULES.as_learned()


async def test_the_experts_side_answers_a_service_and_nobody_else(
    cabinet_settings: Settings, bpa_api: httpx.AsyncClient
) -> None:
    target = f"/internal/v1/vins/{BEGINNING}/rules"
    found = await Peer(str(bpa_api.base_url), KeyRing(cabinet_settings.service_keys), bpa_api).get(
        target, VinRules
    )

    assert found == VinRules(), "nothing was learned here"
    assert (await bpa_api.get(target)).status_code == 401
    assert (await bpa_api.get(f"/internal/v1/vins/{VIN}/rules")).status_code in (401, 422)


def rules(experts: Experts, cache: Cache | None = None) -> LearnedRules:
    return LearnedRules(experts.peer(), cache or MemoryCache(), patience=timedelta(seconds=0.2))
