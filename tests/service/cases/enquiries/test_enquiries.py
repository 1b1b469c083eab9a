"""Sources are asked about the car of a case: each by itself, once, and nobody waits for them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.ending import service as ending
from bpa_service.settings import Settings
from bpa_service.vehicles.enquiries import asked_sources, metrics, queries
from bpa_service.vehicles.enquiries.lanes import ask_sources
from bpa_service.vehicles.records.record import Identifier
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.cases.conftest import submitted
from tests.service.cases.enquiries.conftest import ABOUT, BOTH, PLATE, RDW_PATH, REGISTERED, Asking
from tests.support.delivery import waiting_work
from tests.support.played_source import MISBEHAVIOUR, answer


async def test_a_source_is_asked_when_a_case_opens(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    case_id = await asking.opened()
    version = (await asking.desk.case(case_id)).version

    assert await asking.told(case_id) == {
        "rdw": [("description", "running", "waiting"), ("mileage", "running", "waiting")]
    }
    assert [one.name for one in await waiting_work(asking.desk.ports.backbone)] == ["vehicle_source.ask.v1"]

    assert await asking.lane().ask_due() == 1

    (told,) = await asking.answers(case_id)
    assert [(block.kind, block.state, block.count) for block in told.coverage] == [
        ("description", "data", 1),
        ("mileage", "data", 0),
    ]
    assert [(record.plate, record.make) for record in told.records] == [(PLATE, "OPEL")]
    assert told.asked_at is not None
    assert not told.cached
    assert (await asking.hints()).count("case.vehicle_answered") == 1
    assert (await asking.desk.case(case_id)).version == version, "an answer is no act on the case"
    assert await asking.lane().ask_due() == 0


async def test_where_no_source_is_on_nothing_is_asked_and_that_is_said(asking: Asking) -> None:
    asking.desk = asking.desk.with_policy(sources=())
    case_id = await asking.opened()

    assert await asking.answers(case_id) == []
    assert await waiting_work(asking.desk.ports.backbone) == []
    async with asking.desk.ports.backbone.database.reading() as session:
        told = await queries.answers_about(session, [ABOUT], datetime.now(UTC), sources=())
    assert {one.source for one in told} == set(asked_sources.that_can_be_asked()) >= set(BOTH)
    for one in told:
        assert {(block.state, block.reason) for block in one.coverage} == {("not_covered", "not_configured")}


async def test_a_source_is_asked_by_the_numbers_that_it_takes_alone(asking: Asking) -> None:
    await asking.desk.hear(submitted(), datetime.now(UTC))  # by its VIN
    await asking.opened("A123BC77")  # a plate, and of Russia

    assert await asking.count() == 0


async def test_a_second_case_of_the_car_asks_nothing_and_says_when_it_was_asked(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    first = await asking.opened()
    second = await asking.opened(number="A-0000002")

    assert await asking.lane().ask_due() == 2

    assert asking.source.asked[RDW_PATH] == 1
    (of_first,), (of_second,) = await asking.answers(first), await asking.answers(second)
    assert (of_first.cached, of_second.cached) == (False, True)
    assert of_second.asked_at == of_first.asked_at
    assert of_second.records == of_first.records
    assert of_second.coverage == of_first.coverage


async def test_what_was_answered_too_long_ago_is_asked_anew(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    await asking.opened()
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    await asking.lane(clock=lambda: long_ago).ask_due()
    later = await asking.opened(number="A-0000002")

    await asking.lane().ask_due()

    assert asking.source.asked[RDW_PATH] == 2
    assert not (await asking.answers(later))[0].cached


async def test_for_a_case_that_is_over_nothing_more_is_asked(asking: Asking) -> None:
    case_id = await asking.opened()
    await asking.desk.claim(case_id, asking.desk.anna, now=datetime.now(UTC))
    await asking.desk.do(ending.give_up, case_id, reason="unreadable_photos", note=None, by=asking.desk.anna)

    assert await asking.lane().ask_due() == 0
    assert {block[1:] for block in (await asking.told(case_id))["rdw"]} == {("not_covered", "case_over")}


async def test_what_was_answered_goes_with_its_case(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    case_id = await asking.opened()
    lane = asking.lane()
    claim = await lane.claim()
    assert claim is not None
    erased = cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=datetime.now(UTC))
    await asking.desk.hear(erased, datetime.now(UTC))

    await lane.settle(claim)  # it was under way

    assert await asking.count() == 0


async def test_what_is_known_of_a_car_whatever_case_it_was_asked_for(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    first = await asking.opened()
    await asking.lane().ask_due()
    second = await asking.opened(number="A-0000002")  # not asked yet
    async with asking.desk.ports.backbone.database.reading() as session:
        about = [ABOUT, Identifier("vin", "WVWZZZ1KZAW000001", "")]
        told = await queries.answers_about(session, about, datetime.now(UTC), sources=("rdw",))

    by_source = {one.source: one for one in told}
    assert by_source["rdw"].case_id == first != second
    assert len(by_source["rdw"].records) == 1
    assert by_source["dvsa_mot_api"].coverage[0].reason == "not_configured"


async def test_a_worker_asks_at_the_address_and_with_the_headers_that_an_operator_set(
    asking: Asking, bpa_settings: Settings
) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    settings = bpa_settings.model_copy(
        update={
            "sources": ("rdw",),
            "source_addresses": {"rdw": asking.source.url},
            "source_headers": {"rdw": {"X-App-Token": "known to two"}},
        }
    )
    case_id = await asking.opened()
    ports: Any = SettingsInstead(asking.desk.ports, settings)
    working = asyncio.create_task(ask_sources(ports))

    async with asyncio.timeout(60):
        while (await asking.told(case_id))["rdw"][0][1] != "data":
            await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)

    assert asking.source.headers["x-app-token"] == "known to two"
    assert "known to two" not in repr(settings)


class SettingsInstead:
    """Ports with other settings."""

    def __init__(self, ports: ApiPorts, settings: Settings) -> None:
        self.settings = settings
        self.backbone = ports.backbone
        self.nudged = ports.nudged


@pytest.mark.parametrize("name", ["histovec", "nobody"])
def test_a_source_that_cannot_be_asked_is_refused_at_the_start(bpa_settings: Settings, name: str) -> None:
    with pytest.raises(SystemExit, match=f"BPA_SOURCES: {name} cannot be asked"):
        asked_sources.check(bpa_settings.model_copy(update={"sources": ("rdw", name)}))


async def test_how_the_sources_do_is_told_in_figures(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = MISBEHAVIOUR["html_instead_of_data"]
    await asking.opened()
    await asking.lane().ask_due()
    await asking.opened("CD456E", number="A-0000002")

    told = (await metrics.collect(asking.desk.ports.backbone.database)).decode()

    assert 'autodetective_enquiries_waiting{source="rdw"} 1.0' in told
    assert 'autodetective_enquiries_failed{source="rdw"} 1.0' in told
