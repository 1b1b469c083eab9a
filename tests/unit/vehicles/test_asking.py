"""Sources that hang, lie and break: an answer comes in time, and says what is not covered and why."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.mappings.answers import Answer
from bpa_service.vehicles.mappings.spec import Mapping
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.sources.asking import LIMIT, Asker
from bpa_service.vehicles.sources.rest import RestSource
from bpa_service.vehicles.sources.simulator import Fault, Simulation
from service_kit.limiting import RateLimits
from service_kit.outgoing import public_client
from tests.support.raw_server import raw_server

VIN = "XTA21144094700001"
ABOUT = Identifier("vin", VIN, "")
SOURCE = """
name = "played"
title = "Played"
errors = [{ at = "error", none_of = [""] }]

[asking]
url = "https://source.example/cars/{vin}"
takes = ["vin"]
timeout_seconds = TIMEOUT
retries = RETRIES
failures_to_rest = 3
rest_seconds = 60

[[blocks]]
kind = "mileage"
at = "readings[]"
count = "count"

[[shape]]
kind = "mileage"
each = "readings[]"

[shape.fields]
vin = { from = "/vin", as = "vin" }
began = { from = "day", as = "date" }
mileage = { from = "km", as = "mileage" }
"""
GOOD: dict[str, Any] = {"vin": VIN, "count": 1, "readings": [{"day": "2020-01-02", "km": 50_000}]}


def played(*, timeout: float = 5, retries: int = 0, url: str = "") -> Mapping:
    text = SOURCE.replace("TIMEOUT", str(timeout)).replace("RETRIES", str(retries))
    return catalogue.parsed(text.replace("https://source.example/cars/{vin}", url) if url else text)


def asker(simulation: Simulation, mapping: Mapping | None = None, **more: Any) -> Asker:
    client = httpx.AsyncClient(transport=simulation)
    return Asker(RestSource(mapping or played(), client), **more)


def always(fault: Fault) -> Simulation:
    return Simulation(lambda _: GOOD, faults={fault: 1}, error={"error": "down"})


def told(answer: Answer) -> tuple[str, str]:
    (one,) = answer.coverage
    return str(one.state), one.reason


async def test_an_answer() -> None:
    answer = await asker(Simulation(lambda _: GOOD)).ask(ABOUT)

    assert told(answer) == ("data", "")
    assert [(record.vin, record.mileage_km) for record in answer.batch] == [(VIN, 50_000)]
    assert all(record.asked_at for record in answer.batch)


FAULTS = [
    (Fault.HANGS, "time_out"),
    (Fault.DRIPS, "time_out"),
    (Fault.CUT_OFF, "answer_cut_off"),
    (Fault.HTML, "html_instead_of_data"),
    (Fault.ERROR_IN_200, "error_in_answer"),
    (Fault.SERVER_ERROR, "server_error"),
    (Fault.TOO_MANY, "too_many_questions"),
    (Fault.GARBAGE, "answer_malformed"),
    (Fault.EMPTY, "answer_empty"),
    (Fault.UNREACHABLE, "unreachable"),
    (Fault.HUGE, "answer_too_large"),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS)
async def test_each_fault_is_told_and_none_is_waited_for(fault: Fault, reason: str) -> None:
    answer = await asker(always(fault), played(timeout=0.3 if reason == "time_out" else 20)).ask(ABOUT)

    assert told(answer) == ("failed", reason)
    assert len(answer.batch) == 0


def test_every_fault_is_tried() -> None:
    assert {fault for fault, _ in FAULTS} == set(Fault)


async def test_a_vehicle_that_the_source_does_not_know() -> None:
    assert told(await asker(Simulation(lambda _: None)).ask(ABOUT)) == ("empty", "")


async def test_a_question_that_failed_is_asked_again() -> None:
    simulation = Simulation(lambda _: GOOD, seed=3, faults={Fault.UNREACHABLE: 0.5})
    mapping = played(retries=5, timeout=30)

    answer = await asker(simulation, mapping).ask(ABOUT)

    assert told(answer)[0] == "data"


async def test_an_error_within_an_answer_is_not_asked_again() -> None:
    simulation = always(Fault.ERROR_IN_200)

    await asker(simulation, played(retries=3)).ask(ABOUT)

    assert simulation.asked.total() == 1


async def test_the_same_seed_plays_the_same() -> None:
    async def play() -> list[tuple[str, str]]:
        simulation = Simulation(lambda _: GOOD, seed=7, faults={Fault.HTML: 0.3, Fault.EMPTY: 0.3})
        mapping = catalogue.parsed(
            SOURCE.replace("TIMEOUT", "5")
            .replace("RETRIES", "0")
            .replace("failures_to_rest = 3", "failures_to_rest = 99")
        )
        one = asker(simulation, mapping)
        return [told(await one.ask(ABOUT)) for _ in range(30)]

    first = await play()

    assert first == await play()
    assert len(set(first)) == 3


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 29, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_a_source_that_failed_in_a_row_is_left_alone_and_then_tried() -> None:
    clock, broken = Clock(), True

    def answers(_: str) -> Any:
        return {"error": "down"} if broken else GOOD

    simulation = Simulation(answers, faults={Fault.SERVER_ERROR: 1})
    one = asker(simulation, clock=clock)
    failed = [told(await one.ask(ABOUT)) for _ in range(4)]
    clock.now += timedelta(seconds=61)
    tried = [told(await one.ask(ABOUT)) for _ in range(2)]
    simulation.play({})
    broken = False
    clock.now += timedelta(seconds=61)
    back = [told(await one.ask(ABOUT)) for _ in range(2)]

    assert failed == [("failed", "server_error")] * 3 + [("not_covered", "circuit_open")]
    assert tried == [("failed", "server_error"), ("not_covered", "circuit_open")]
    assert back == [("data", "")] * 2


async def test_no_more_questions_than_the_source_allows() -> None:
    limits = RateLimits("memory://", {LIMIT.format(name="played"): "2/minute"})
    simulation = Simulation(lambda _: GOOD)
    one = asker(simulation, limits=limits)

    answers = [told(await one.ask(ABOUT)) for _ in range(3)]

    assert answers == [("data", ""), ("data", ""), ("not_covered", "rate_limited")]
    assert simulation.asked.total() == 2


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (Identifier("plate", "A332AB177", "RU"), "identifier_not_taken"),
        (Identifier("vin", "1" * 17, ""), "placeholder"),
    ],
)
async def test_what_makes_no_sense_is_not_asked(about: Identifier, reason: str) -> None:
    simulation = Simulation(lambda _: GOOD)

    assert told(await asker(simulation).ask(about)) == ("not_covered", reason)
    assert not simulation.asked


async def test_a_plate_of_another_country_is_not_asked() -> None:
    simulation = Simulation(lambda _: [])

    answer = await asker(simulation, catalogue.mapping("rdw")).ask(Identifier("plate", "A332AB177", "RU"))

    assert {one.reason for one in answer.coverage} == {"other_country"}
    assert not simulation.asked


async def test_an_identifier_stays_where_it_belongs_in_the_address() -> None:
    simulation = Simulation(lambda _: [])

    await asker(simulation, catalogue.mapping("rdw")).ask(Identifier("plate", "A/../B?x=1&y#", "NL"))

    assert list(simulation.asked) == [
        "https://opendata.rdw.nl/resource/m9d7-ebf2.json?kenteken=A%2F..%2FB%3Fx%3D1%26y%23"
    ]


BODY = json.dumps(GOOD).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("response", "told_as"),
    [
        (HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY, ("data", "")),
        (HEAD + b"Content-Length: 100000\r\n\r\n" + BODY, ("failed", "answer_cut_off")),
        (HEAD + b"Content-Length: 10\r\n\r\n" + BODY, ("failed", "answer_malformed")),
        (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n12345", ("failed", "answer_damaged")),
        (b"SSH-2.0-OpenSSH_9.2\r\n", ("failed", "answer_cut_off")),
        (b"", ("failed", "answer_cut_off")),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
            ("failed", "status_302"),
        ),
    ],
)
async def test_what_comes_over_a_real_connection(response: bytes, told_as: tuple[str, str]) -> None:
    async with raw_server(response) as port, public_client(is_development=True) as client:
        source = RestSource(played(url=f"http://127.0.0.1:{port}/{{vin}}"), client)

        assert told(await Asker(source).ask(ABOUT)) == told_as


async def test_a_source_within_our_own_network_is_not_asked() -> None:
    async with public_client() as client:
        source = RestSource(played(url="https://127.0.0.1/{vin}"), client)

        assert told(await Asker(source).ask(ABOUT)) == ("failed", "address_refused")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["vin", "count", "readings", "day", "km"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(body=st.one_of(st.binary(max_size=80), JSON.map(lambda value: json.dumps(value).encode())))
async def test_any_answer_is_read_or_told(body: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))

    answer = await Asker(RestSource(played(), httpx.AsyncClient(transport=transport))).ask(ABOUT)

    assert len(answer.coverage) == 1
