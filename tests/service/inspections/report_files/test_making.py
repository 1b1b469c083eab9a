"""Reports as PDF: made by the worker, kept once, given to whoever sees the inspection."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cabinet_service.audit.models import AuditEntry
from cabinet_service.photos.models import Evidence
from cabinet_service.reports.files import making, service
from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.pdf.typesetting import Typesetter
from service_kit.db import database_now
from tests.factories.report_files import facts_of, needs_poppler, text_of
from tests.service.inspections.conftest import Case, Person
from tests.service.inspections.report_files.conftest import PDF, Desk, FullDisk, fetched
from tests.service.inspections.reports_of_bpa import MADE_AT, report


async def test_the_client_gets_it_in_their_language_signed_and_kept_once(
    client: Person, case: Case, desk: Desk
) -> None:
    await desk.answer(case)
    waited = await fetched(client, case)
    assert (waited.status_code, waited.headers["retry-after"], waited.content) == (202, "2", b"")

    assert await desk.work() == 1
    assert await desk.work() == 0

    [file] = await desk.made()
    assert (file.language, file.form) == ("en", Form.FULL)
    got = await fetched(client, case)
    assert got.status_code == 200
    assert hashlib.sha256(got.content).hexdigest() == file.sha256
    assert got.headers["content-type"] == PDF
    assert got.headers["content-length"] == str(len(got.content))
    number = (await client.inspection(str(case.id)))["number"]
    assert got.headers["content-disposition"] == f'attachment; filename="{number}-1-en.pdf"'
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "private, no-cache"
    assert len(desk.files()) == 1


async def test_its_digest_stands_in_the_log(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    await desk.work()
    [file] = await desk.made()
    async with desk.ports.backbone.database.reading() as session:
        [entry] = await session.scalars(select(AuditEntry).where(AuditEntry.act == "report_file_made"))
    assert entry.details["sha256"] == file.sha256
    assert entry.details["report_id"] == str(file.report_id)


@needs_poppler
async def test_other_languages_and_the_short_form_are_made_when_they_are_asked_for(
    client: Person, case: Case, desk: Desk
) -> None:
    await desk.answer(case)
    await desk.work()
    for asked in ({"language": "ru"}, {"form": "short"}, {"language": "ru"}, {"form": "short"}):
        assert (await fetched(client, case, **asked)).status_code == 202
    assert await desk.work() == 2

    russian = (await fetched(client, case, language="ru")).content
    short = (await fetched(client, case, form="short")).content
    assert "Есть сомнения" in text_of(russian)
    assert facts_of(short)["Pages"] == "1"
    assert len({one.sha256 for one in await desk.made()}) == 3


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("2/pdf", {}, 404),
        ("0/pdf", {}, 422),
        ("1/pdf", {"language": "de"}, 422),
        ("1/pdf", {"form": "long"}, 422),
    ],
)
async def test_what_there_is_none_of(
    path: str, asked: dict[str, Any], status: int, client: Person, case: Case, desk: Desk
) -> None:
    await desk.answer(case)
    assert (await client.get(f"{case.path}/reports/{path}", **asked)).status_code == status


async def test_nobody_else_gets_it(stranger: Person, case: Case, desk: Desk) -> None:
    await desk.answer(case)
    await desk.work()
    assert (await fetched(stranger, case)).status_code == 404
    assert (await fetched(stranger, case, language="ru")).status_code == 404
    assert len(await desk.rows()) == 1


@needs_poppler
async def test_a_photo_that_is_gone_has_its_place(case: Case, desk: Desk, client: Person) -> None:
    await case.decide()
    async with desk.ports.backbone.database.reading() as session:
        photos = list(await session.scalars(select(Evidence).where(Evidence.inspection_id == case.id)))
    assert photos
    body = report(case).body()
    body["photos"] = [
        {
            "evidence_id": str(one.id),
            "shot": one.shot,
            "sha256": "0" * 64,
            "width": 1,
            "height": 1,
            "captured_at": None,
            "captured_at_source": "unknown",
            "received_at": "2026-11-30T11:00:00Z",
        }
        for one in photos
    ]
    await desk.experts.announce(case, body)
    await desk.experts.work()
    async with desk.ports.backbone.database.writing() as session:
        for one in await session.scalars(select(Evidence).where(Evidence.inspection_id == case.id)):
            one.deleted_at = one.received_at
    await desk.work()
    assert "This photo was deleted" in " ".join(text_of((await fetched(client, case)).content).split())


async def test_a_full_disk_leaves_nothing_and_loses_nothing(client: Person, case: Case, desk: Desk) -> None:
    await desk.answer(case)
    disk = FullDisk(desk.ports.files)
    assert "disk is full" in await desk.why_not(files=disk)
    assert (await desk.made(), desk.files()) == ([], [])
    disk.is_full = False
    await desk.let_wait(timedelta(seconds=5))
    assert await desk.work(files=disk) == 1
    assert (await fetched(client, case)).status_code == 200


async def test_a_key_that_is_over_by_now_is_waited_for(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    over = desk.workshop.key._replace(not_after=desk.workshop.key.not_before)
    why = await desk.why_not(key=over, typesetter=None)  # nothing is set in type in vain
    assert "cannot be signed" in why
    assert (await desk.made(), desk.files()) == ([], [])
    await desk.let_wait(timedelta(seconds=5))
    assert await desk.work() == 1


async def test_who_vouches_for_the_time_is_waited_for_a_while(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    assert "cannot be signed" in await desk.why_not(tsa_url="http://127.0.0.1:9/")
    await desk.let_wait(timedelta(seconds=5))
    assert await desk.work() == 1


async def test_a_busy_machine_is_waited_for_a_while(client: Person, case: Case, desk: Desk) -> None:
    await desk.answer(case)
    busy = Typesetter(seconds=0.001)
    assert "in time" in await desk.why_not(typesetter=busy)
    await desk.let_wait(making.PATIENCE)
    assert await desk.work(typesetter=busy) == 0
    [file] = await desk.rows()
    assert (file.due_at, file.made_at) == (None, None), "given up"
    await busy.close()
    await give_up_long_ago(desk)
    assert (await fetched(client, case)).status_code == 202
    assert await desk.work() == 1


async def give_up_long_ago(desk: Desk) -> None:
    async with desk.ports.backbone.database.writing() as session:
        for one in await session.scalars(select(ReportFile)):
            one.asked_at -= service.ASKED_ANEW_AFTER


async def test_an_amendments_file_waits_for_what_it_replaces(case: Case, desk: Desk) -> None:
    await case.decide()
    await desk.answer(case, version=2)
    assert "version 1" in await desk.why_not()
    await desk.experts.announce(case, report(case, 1).body())
    await desk.experts.work()
    await desk.let_wait(timedelta(seconds=5))
    assert await desk.work() == 2


async def test_an_amendments_file_waits_only_so_long(case: Case, desk: Desk) -> None:
    await case.decide()
    await desk.answer(case, version=2)
    await desk.let_wait(making.PATIENCE)
    assert await desk.work() == 1


async def test_of_a_report_that_was_made_up_for_there_is_a_file_once_somebody_asks(
    client: Person, case: Case, desk: Desk
) -> None:
    await case.decide()
    late = report(case, made_at=MADE_AT + timedelta(hours=1))
    await desk.experts.announce(case, late.body())
    await desk.experts.work()
    assert await desk.rows() == []
    assert (await fetched(client, case)).status_code == 202
    assert await desk.work() == 1


async def test_the_sweep_takes_what_no_row_mentions(client: Person, case: Case, desk: Desk) -> None:
    await desk.answer(case)
    await desk.work()
    folder = desk.ports.settings.files_dir / "reports" / "00"
    folder.mkdir(exist_ok=True)
    for name in ("0" * 32 + ".ru.full", "rubbish"):
        (folder / name).write_bytes(b"%PDF")
    async with desk.ports.backbone.database.writing() as session:
        now = await database_now(session)
        await service.sweep(session, now, files=desk.ports.files)
        assert len(desk.files()) == 3, "nothing is old enough"
        await service.sweep(session, now + service.ORPHAN_AGE + timedelta(minutes=1), files=desk.ports.files)
    assert (await fetched(client, case)).status_code == 200
    assert len(desk.files()) == 1
