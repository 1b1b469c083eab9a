"""The lane in which files are made: nothing else waits for it, and whoever dies in it loses nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import delete, select

from cabinet_service import wiring
from cabinet_service.adapters.recorder import Recorder
from cabinet_service.audit.models import AuditEntry
from cabinet_service.reports.codes import new_code
from cabinet_service.reports.files import metrics
from cabinet_service.reports.files.lane import wait_before_again
from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.files.service import CHANNEL
from cabinet_service.reports.files.work import MakeReportFile
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.pdf.typesetting import Typesetter
from service_kit.bus import Message, queue_table
from service_kit.db import database_now
from service_kit.failpoints import VARIABLE, Deed, Point
from service_kit.inbox import Incoming
from tests.service.inspections.conftest import Case
from tests.service.inspections.report_files.conftest import Desk
from tests.support.delivery import waiting_work

WANTED: Final = 130
WORKER: Final = """
import asyncio
from cabinet_service import wiring
from cabinet_service.settings import read_environment
from service_kit import failpoints
from service_kit.processes import run_until_stopped

async def main() -> None:
    failpoints.arm(environment="test")
    async with wiring.open_ports(read_environment()) as ports:
        await run_until_stopped(ports.backbone.listener.run(), *wiring.jobs(ports))

asyncio.run(main())
"""


async def want(desk: Desk, case: Case, count: int) -> None:
    """Have so many files of this answer be wanted, of as many reports; they are nobody's turn before others."""
    async with desk.ports.backbone.database.writing() as session:
        first = await session.scalar(select(KeptReport))
        assert first is not None
        now = await database_now(session)
        await session.execute(delete(ReportFile))
        for number in range(count):
            report_id = uuid4()
            session.add(
                KeptReport(
                    report_id=report_id,
                    inspection_id=case.id,
                    history_id=None,
                    version=number + 2,
                    body=first.body,
                    sha256=first.sha256,
                    code=new_code(),
                    made_at=now,
                    received_at=now,
                )
            )
            await session.flush()
            session.add(
                ReportFile(
                    report_id=report_id, language="en", form=Form.SHORT, asked_at=now, due_at=now, tries=0
                )
            )


async def until(happened: Any) -> None:
    while not await happened():
        await asyncio.sleep(0.05)


@asynccontextmanager
async def worker_running(desk: Desk) -> AsyncGenerator[None]:
    """All that a worker does, but chores."""
    ports = desk.ports
    backbone = ports.backbone
    jobs = [*wiring.jobs(ports), backbone.listener.run(), backbone.consume_work(wiring.work_handlers(ports))]
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.busless
async def test_a_sign_in_code_waits_for_no_file(
    case: Case, desk: Desk, cabinet_api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.answer(case)
    await want(desk, case, WANTED)
    begun = asyncio.Event()

    async def never_end(*_: Any, **__: Any) -> int:
        begun.set()
        await asyncio.Event().wait()
        return 0

    monkeypatch.setattr(Typesetter, "typeset", never_end)
    recorder = Recorder(desk.ports.settings.outbox_dir)
    async with worker_running(desk):
        await begun.wait()
        asked = await cabinet_api.post("/api/v1/auth/codes", json={"contact": "else@example.com"})
        assert asked.status_code == 202, asked.text
        await relay(desk)

        async def has_come() -> bool:
            return any(one.to == "else@example.com" for one in await recorder.newest(20))

        await until(has_come)
        assert [one.made_at for one in await desk.rows()] == [None] * WANTED
    assert [one.tries for one in sorted(await desk.rows(), key=lambda one: -one.tries)] == [1] + [0] * (
        WANTED - 1
    )


async def relay(desk: Desk) -> None:
    """Give the worker what waits for it, as the relay does over the bus."""
    backbone = desk.ports.backbone
    for one in await waiting_work(backbone):
        body = one.model_dump_json().encode()
        message = Message(backbone.tables.queues.work, one.event_id, body, "")
        async with backbone.database.writing() as session:
            await queue_table.accept(session, backbone.tables.queued, message)


@pytest.mark.busless
async def test_asking_wakes_the_worker(case: Case, desk: Desk) -> None:
    woken = desk.ports.backbone.listener.wakeup(CHANNEL)
    listening = asyncio.create_task(desk.ports.backbone.listener.run())
    await woken.wait()  # the listener tells that it listens
    woken.clear()
    await desk.answer(case)
    await woken.wait()
    listening.cancel()


@pytest.mark.busless
@pytest.mark.parametrize("point", [Point.REPORT_FILE_CLAIMED, Point.REPORT_FILE_KEPT])
async def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    case: Case, desk: Desk, point: Point
) -> None:
    await desk.answer(case)
    await want(desk, case, 3)
    assert await killed_at(desk, point) == -signal.SIGKILL
    [*made] = await desk.made()
    await desk.let_wait(wait_before_again(1))
    await desk.work()
    assert len(await desk.made()) == 3
    assert len(desk.files()) == 3
    async with desk.ports.backbone.database.reading() as session:
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.act == "report_file_made"))
        assert len(entries.all()) == 3
    assert {one.sha256 for one in made} <= {one.sha256 for one in await desk.made()}, "none was made again"


@pytest.mark.busless
async def test_two_workers_make_none_twice(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    await want(desk, case, 6)
    one, other = desk.lane(), desk.lane()
    assert sum(await asyncio.gather(one.make_due(), other.make_due())) == 6
    assert [file.tries for file in await desk.made()] == [1] * 6


@pytest.mark.busless
async def test_whoever_slept_through_their_turn_makes_nothing(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    lane = desk.lane()
    slept = await lane.claim()
    assert slept is not None
    await desk.let_wait(wait_before_again(1))
    assert await lane.claim() is not None
    await lane.settle(slept)
    assert await desk.made() == []


@pytest.mark.busless
@pytest.mark.parametrize("is_claimed", [False, True])
async def test_what_a_worker_of_the_last_release_has_made_is_not_made_again(
    case: Case, desk: Desk, is_claimed: bool
) -> None:
    """Whoever has that file has its bytes verified."""
    await desk.answer(case)
    lane = desk.lane()
    claim = await lane.claim() if is_claimed else None
    async with desk.ports.backbone.database.writing() as session:
        for one in await session.scalars(select(ReportFile)):
            one.made_at, one.sha256 = await database_now(session), "0f" * 32
    if claim is not None:
        await lane.settle(claim)
    await desk.let_wait(wait_before_again(1))
    await lane.make_due()
    assert {one.sha256 for one in await desk.rows()} == {"0f" * 32}
    assert desk.files() == []


@pytest.mark.busless
async def test_what_a_process_of_the_last_release_asked_for_is_made(case: Case, desk: Desk) -> None:
    """It writes a row that is never due, and a message."""
    await desk.answer(case)
    database = desk.ports.backbone.database
    async with database.writing() as session:
        for one in await session.scalars(select(ReportFile)):
            one.due_at = None
    assert await desk.work() == 0
    wanted = (await desk.rows())[0]
    work = MakeReportFile(report_id=wanted.report_id, language="en", form=wanted.form)
    handle: Any = wiring.work_handlers(desk.ports)[MakeReportFile]
    async with database.writing() as session:
        now = await database_now(session)
        await handle(session, work, Incoming(uuid4(), now, now))
    assert await desk.work() == 1


@pytest.mark.busless
async def test_figures_tell_what_waits_and_what_fails(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    await desk.let_wait(10 * wait_before_again(1))
    assert (await figure(desk, "untried_seconds")) >= 50
    assert await figure(desk, "failing") == 0
    over = desk.workshop.key._replace(not_after=desk.workshop.key.not_before)
    for _ in range(5):
        await desk.why_not(key=over)
        await desk.let_wait(20 * wait_before_again(1))
    assert await figure(desk, "untried_seconds") == 0
    assert await figure(desk, "failing") == 1
    assert await desk.work() == 1
    assert await figure(desk, "failing") == 0


async def figure(desk: Desk, name: str) -> float:
    text = (await metrics.collect(desk.ports.backbone.database)).decode()
    [value] = [
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == f"autodetective_report_files_{name}"
    ]
    return value


async def killed_at(desk: Desk, point: Point) -> int:
    """Run a worker until it is killed there the second time that it passes; its exit code."""
    settings = desk.ports.settings
    environment = os.environ | {
        "CABINET_ENVIRONMENT": "development",
        "CABINET_DATABASE_URL": settings.database_url,
        "CABINET_SERVICE_KEYS": ",".join(settings.service_keys),
        "CABINET_SECRET_KEYS": ",".join(settings.secret_keys),
        "CABINET_FILES_DIR": str(settings.files_dir),
        VARIABLE: f"{point}={Deed.KILL}@2",
    }
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, env=environment)
    return await worker.wait()
