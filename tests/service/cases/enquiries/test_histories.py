"""Histories without an inspection: sources are asked, nobody waits for them for ever, and a report is made."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from bpa_service.histories import service
from bpa_service.histories.handlers import handlers
from bpa_service.histories.internal import standing_of
from bpa_service.histories.models import HistoryOrder
from bpa_service.vehicles.enquiries import queries as enquiries
from bpa_service.wiring import work_handlers
from service_kit.ids import new_id
from service_kit.inbox import Incoming
from shared_schemas.envelope import Event
from shared_schemas.events.cabinet_v1 import HistoryErasedV1, HistoryOrderedV1, VehicleClaim
from shared_schemas.personal import ERASED
from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import Report, ReportKind, digest_of
from shared_schemas.rest.histories import SourceStanding, progress_of, report_of
from shared_schemas.words import IdentifierKind
from tests.service.cases.enquiries.conftest import ABOUT, BOTH, DVSA_PATH, PLATE, RDW_PATH, REGISTERED, Asking
from tests.support.delivery import announced, do_work
from tests.support.played_source import answer, response


class Histories:
    """Orders as cabinet tells of them, where `sources` are asked."""

    def __init__(self, asking: Asking, sources: tuple[str, ...]) -> None:
        self.asking = asking
        self.ports = asking.desk.ports
        self.sources = sources

    async def order(self, plate: str = PLATE, number: str = "") -> UUID:
        fact = HistoryOrderedV1(
            history_id=new_id(),
            number=number or f"H-{uuid4().int % 10**7}",
            claim=VehicleClaim(identifier_kind=IdentifierKind.PLATE, identifier=plate),
            ordered_at=datetime.now(UTC),
        )
        await self.hear(fact)
        return fact.history_id

    async def hear(self, fact: Event) -> None:
        now = datetime.now(UTC)
        async with self.ports.backbone.database.writing() as session:
            handle = handlers(self.sources)[type(fact)]
            assert handle is not None
            await handle(session, fact, Incoming(new_id(), now, now))

    async def time_passes(self, minutes: float) -> None:
        async with self.ports.backbone.database.writing() as session:
            await service.have_due_made(session, datetime.now(UTC) + timedelta(minutes=minutes))

    async def work(self) -> list[str]:
        settings = self.ports.settings.model_copy(update={"sources": self.sources})
        return await do_work(self.ports.backbone, work_handlers(replace(self.ports, settings=settings)))

    async def row(self, history_id: UUID) -> HistoryOrder:
        async with self.ports.backbone.database.reading() as session:
            return await session.get_one(HistoryOrder, history_id)

    async def report(self, history_id: UUID) -> Report:
        return Report.model_validate((await self.row(history_id)).body)

    async def signed(self, api: httpx.AsyncClient, target: str) -> httpx.Response:
        headers = self.ports.backbone.keys.request_headers("GET", target, b"", datetime.now(UTC))
        return await api.get(target, headers=headers)

    async def told(self, name: str) -> list[dict[str, str]]:
        return [one.data for one in await announced(self.ports.backbone) if one.name == name]


@pytest.fixture
def histories(asking: Asking) -> Histories:
    return Histories(asking, ("rdw",))


async def test_its_report_is_made_once_the_last_source_has_answered(histories: Histories) -> None:
    histories.sources = BOTH
    histories.asking.source.answers[RDW_PATH] = answer(REGISTERED)
    histories.asking.source.answers[DVSA_PATH] = response(b"{}", status=404)
    history_id = await histories.order()

    await histories.asking.lane().ask_due()
    await histories.work()
    assert (await histories.row(history_id)).made_at is None
    await histories.asking.lane("dvsa_mot_api").ask_due()
    await histories.work()

    row = await histories.row(history_id)
    report = await histories.report(history_id)
    assert (report.kind, report.inspection_id, report.history_id) == (ReportKind.VEHICLE, None, history_id)
    assert (report.decision, report.author_role, report.photos, report.clock) == (None, None, (), None)
    assert report.claim.identifier == PLATE
    assert report.history is not None
    [described] = [one for one in report.history.blocks if one.kind is Kind.DESCRIPTION]
    assert [one.source for one in described.entries] == ["rdw"]
    assert row.sha256 == digest_of(report.body())
    [ready] = await histories.told("history.ready.v1")
    assert (ready["history_id"], ready["sha256"]) == (str(history_id), row.sha256)


async def test_one_with_a_number_that_another_has_is_made_as_well(histories: Histories) -> None:
    """A cabinet that was restored to an earlier moment may give a number once more."""
    for history_id in [await histories.order("A123BC77", "H-1000001") for _ in range(2)]:
        await histories.work()
        assert (await histories.report(history_id)).number == "H-1000001"


async def test_two_last_answers_at_once_make_one(histories: Histories) -> None:
    histories.sources = BOTH
    histories.asking.source.answers[RDW_PATH] = answer(REGISTERED)
    histories.asking.source.answers[DVSA_PATH] = answer([])
    history_id = await histories.order()
    lanes = [histories.asking.lane(), histories.asking.lane("dvsa_mot_api")]
    claims = [await lane.claim() for lane in lanes]

    await asyncio.gather(*(lane.settle(one) for lane, one in zip(lanes, claims, strict=True) if one))
    await histories.work()
    await histories.work()

    assert (await histories.row(history_id)).made_at is not None
    assert len(await histories.told("history.ready.v1")) == 1


async def test_where_no_source_takes_the_number_it_is_made_of_the_files_at_once(histories: Histories) -> None:
    history_id = await histories.order("A123BC77")

    await histories.work()

    report = await histories.report(history_id)
    assert report.history is not None
    # There is no store here, and nobody was asked: that is told, and is no silence.
    states = {one.state for block in report.history.blocks for one in block.coverage}
    assert states == {CoverageState.NOT_COVERED}


async def test_who_does_not_answer_in_time_is_told_as_not_answered(histories: Histories) -> None:
    history_id = await histories.order()

    await histories.time_passes(2)
    await histories.work()
    assert (await histories.row(history_id)).made_at is None
    await histories.time_passes(4)
    await histories.work()

    report = await histories.report(history_id)
    assert report.history is not None
    of_rdw = {one.state for block in report.history.blocks for one in block.coverage if one.source == "rdw"}
    assert of_rdw >= {CoverageState.RUNNING}
    assert await histories.asking.lane().claim() is None, "nobody is asked any more"


async def test_what_was_answered_is_known_to_a_case_of_the_car(histories: Histories) -> None:
    histories.asking.source.answers[RDW_PATH] = answer(REGISTERED)
    await histories.order()
    await histories.asking.lane().ask_due()

    async with histories.ports.backbone.database.reading() as session:
        now = datetime.now(UTC)
        told = await enquiries.answers_about(session, [ABOUT], now, sources=("rdw",))

    [of_rdw] = [one for one in told if one.source == "rdw"]
    assert (len(of_rdw.records), of_rdw.case_id) == (1, None)
    assert "case.vehicle_answered" not in await histories.asking.hints()


async def test_forgotten_it_names_no_car_and_nothing_is_made_of_it(histories: Histories) -> None:
    made, asked = await histories.order("A123BC77"), await histories.order()
    await histories.work()

    for one in (made, asked):
        await histories.hear(HistoryErasedV1(history_id=one, erased_at=datetime.now(UTC)))
    await histories.time_passes(10)
    await histories.work()

    assert await histories.asking.count() == 0
    for one in (made, asked):
        row = await histories.row(one)
        assert row.claim["identifier"] == ERASED
    body = (await histories.row(made)).body
    assert body is not None
    assert (body["claim"]["identifier"], body["history"]) == (ERASED, None)
    assert (await histories.row(asked)).body is None
    assert {one["history_id"] for one in await histories.told("history.forgotten.v1")} == {
        str(made),
        str(asked),
    }


async def test_cabinet_is_told_how_far_the_sources_are(
    histories: Histories, bpa_api: httpx.AsyncClient
) -> None:
    histories.asking.source.answers[RDW_PATH] = answer(REGISTERED)
    history_id = await histories.order()

    async def progress() -> list[str]:
        told = await histories.signed(bpa_api, progress_of(history_id))
        return [one["standing"] for one in told.json()["sources"]]

    assert (await histories.signed(bpa_api, report_of(history_id))).status_code == 404
    await histories.asking.lane().ask_due()
    await histories.work()

    assert (await histories.signed(bpa_api, report_of(history_id))).json()["number"].startswith("H-")
    assert (await histories.signed(bpa_api, progress_of(new_id()))).status_code == 404
    assert (await bpa_api.get(progress_of(history_id))).status_code == 401
    assert await progress()


@pytest.mark.parametrize(
    ("states", "standing"),
    [
        ({CoverageState.RUNNING, CoverageState.DATA}, SourceStanding.WAITING),
        ({CoverageState.DATA, CoverageState.EMPTY}, SourceStanding.ANSWERED),
        ({CoverageState.DECLINED}, SourceStanding.ANSWERED),
        ({CoverageState.DATA, CoverageState.FAILED}, SourceStanding.PARTLY),
        ({CoverageState.FAILED, CoverageState.NOT_COVERED}, SourceStanding.FAILED),
    ],
)
def test_how_far_a_source_is(states: set[CoverageState], standing: SourceStanding) -> None:
    assert standing_of(states) is standing
