"""Reports as PDF: made by the worker, kept once, given to whoever sees the inspection, and known again."""

import asyncio
import errno
import hashlib
from collections.abc import AsyncGenerator, Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.models import AuditEntry
from cabinet_service.photos.models import Evidence
from cabinet_service.ports import FileStore
from cabinet_service.privacy import erasing
from cabinet_service.privacy.models import Erasure
from cabinet_service.privacy.work import EraseInspection
from cabinet_service.reports.files import making, service
from cabinet_service.reports.files.making import Workshop
from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.files.work import MakeReportFile
from cabinet_service.reports.pdf.laying_out import Form
from cabinet_service.reports.pdf.typesetting import Typesetter
from cabinet_service.reports.signing.keys import SigningKey
from cabinet_service.reports.verifying import api as verifying
from cabinet_service.reports.verifying.judge import MOST_RECEIVED
from service_kit.bus import GiveUp, RetryLater, RetrySeldom
from service_kit.db import database_now
from shared_schemas.events.bpa_v1 import DecisionAmendedV1
from tests.factories.report_files import facts_of, needs_poppler, text_of
from tests.factories.report_keys import TAMPERED, a_key, signed
from tests.service.inspections.conftest import Bpa, Case, Json, Person
from tests.service.inspections.reports_of_bpa import MADE_AT, Experts, report
from tests.support.delivery import waiting_work

PDF: Final = "application/pdf"


class FullDisk:
    """A store on a disk that is full, until it is not."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self.is_full = True

    async def put(self, key: str, source: Path) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "no space left on device")
        await self._files.put(key, source)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)


class Desk:
    """The worker that makes files, and the experts' side whose reports it makes them of."""

    def __init__(self, ports: ApiPorts, bpa: Bpa, key: SigningKey, typesetter: Typesetter) -> None:
        self.ports = ports
        self.experts = Experts(ports, bpa)
        self.workshop = Workshop(
            files=ports.files,
            typesetter=typesetter,
            key=key,
            tsa_url="",
            public_url="https://auto.example/",
            zone=ports.settings.zone_of_reports,
            development=False,
        )

    async def answer(self, case: Case, version: int = 1) -> None:
        """The experts answer, and their report is fetched."""
        if version == 1:
            await case.decide()
        else:
            await case.decide(DecisionAmendedV1, version=version)
        await self.experts.announce(case, report(case, version).body())
        await self.experts.work()

    async def work(self, **changes: Any) -> int:
        """Make what was asked for; how many files that were. Done again it makes none."""
        handler = partial(making.on_make_report_file, workshop=replace(self.workshop, **changes))
        inbox = self.ports.backbone.inbox({MakeReportFile: handler})
        before = await self.made()
        for one in await waiting_work(self.ports.backbone):
            if one.type == MakeReportFile.TYPE:
                await inbox.receive_in_transaction(self.ports.backbone.database, one)
        return len(await self.made()) - len(before)

    async def rows(self) -> list[ReportFile]:
        async with self.ports.backbone.database.reading() as session:
            return list(
                await session.scalars(select(ReportFile).order_by(ReportFile.language, ReportFile.form))
            )

    async def made(self) -> list[ReportFile]:
        return [one for one in await self.rows() if one.made_at]

    def files(self) -> list[Path]:
        folder = self.ports.settings.files_dir / "reports"
        return [one for one in folder.rglob("*") if one.is_file()]

    async def erase(self, client: Person, case: Case) -> None:
        async with self.ports.backbone.database.writing() as session:
            now = await database_now(session)
            work = EraseInspection(account_id=client.account_id, inspection_id=case.id)
            session.add(Erasure(account_id=client.account_id, requested_at=now, completed_at=None))
            await session.flush()
            incoming: Any = type("Incoming", (), {"now": now})
            await erasing.on_erase_inspection(session, work, incoming, files=self.ports.files)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return a_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture
async def desk(cabinet_ports: ApiPorts, bpa: Bpa, key: SigningKey) -> AsyncGenerator[Desk]:
    typesetter = Typesetter()
    yield Desk(cabinet_ports, bpa, key, typesetter)
    await typesetter.close()


async def fetched(client: Person, case: Case, **asked: Any) -> httpx.Response:
    return await client.get(f"{case.path}/reports/1/pdf", **asked)


async def verified(api: httpx.AsyncClient, pdf: bytes) -> Json:
    answer = await api.post("/api/v1/verify", content=pdf, headers={"Content-Type": PDF})
    assert answer.status_code == 200, answer.text
    return answer.json()


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
    with pytest.raises(RetryLater):
        await desk.work(files=disk)
    assert (await desk.made(), desk.files()) == ([], [])
    disk.is_full = False
    assert await desk.work(files=disk) == 1
    assert (await fetched(client, case)).status_code == 200


async def test_a_crash_after_the_file_was_written_leaves_one(client: Person, case: Case, desk: Desk) -> None:
    await desk.answer(case)
    [file] = await desk.rows()
    left = desk.ports.settings.files_dir / file.key
    left.parent.mkdir(parents=True)
    left.write_bytes(b"%PDF of a worker that was killed")
    assert await desk.work() == 1
    assert desk.files() == [left]
    assert (await fetched(client, case)).content == left.read_bytes()


async def test_a_key_that_is_over_by_now_is_waited_for(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    over = desk.workshop.key._replace(not_after=desk.workshop.key.not_before)
    with pytest.raises(RetrySeldom, match="cannot be signed"):
        await desk.work(key=over, typesetter=None)  # nothing is set in type in vain
    assert (await desk.made(), desk.files()) == ([], [])
    assert await desk.work() == 1


async def test_who_vouches_for_the_time_is_waited_for_a_while(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    with pytest.raises(RetrySeldom, match="cannot be signed"):
        await desk.work(tsa_url="http://127.0.0.1:9/")
    assert await desk.work() == 1


async def let_wait(desk: Desk, time: timedelta) -> None:
    async with desk.ports.backbone.database.writing() as session:
        for one in await session.scalars(select(ReportFile)):
            one.asked_at -= time


async def test_a_busy_machine_is_waited_for_a_while(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    busy = Typesetter(seconds=0.001)
    with pytest.raises(RetryLater, match="in time"):
        await desk.work(typesetter=busy)
    await let_wait(desk, making.PATIENCE)
    with pytest.raises(GiveUp, match="in time"):
        await desk.work(typesetter=busy)
    await busy.close()
    assert await desk.work() == 1


async def test_an_amendments_file_waits_for_what_it_replaces(case: Case, desk: Desk) -> None:
    await case.decide()
    await desk.answer(case, version=2)
    with pytest.raises(RetryLater, match="version 1"):
        await desk.work()
    await desk.experts.announce(case, report(case, 1).body())
    await desk.experts.work()
    assert await desk.work() == 2


async def test_an_amendments_file_waits_only_so_long(case: Case, desk: Desk) -> None:
    await case.decide()
    await desk.answer(case, version=2)
    await let_wait(desk, making.PATIENCE)
    assert await desk.work() == 1


async def test_a_worker_makes_one_at_a_time(case: Case, desk: Desk) -> None:
    await desk.answer(case)
    async with desk.workshop.turn:
        with pytest.raises(RetryLater, match="another"):
            await desk.work()
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


async def test_verified_by_code_and_by_file(
    client: Person, case: Case, desk: Desk, cabinet_api: httpx.AsyncClient
) -> None:
    await desk.answer(case)
    await desk.work()
    pdf = (await fetched(client, case)).content
    [told] = (await client.get(f"{case.path}/reports")).json()
    genuine = {"state": "genuine", "version": 1, "made_at": told["made_at"], "replaced_at": None}

    assert await verified(cabinet_api, pdf) == genuine
    code = told["code"]
    dashed = "-".join(code[place : place + 4] for place in range(0, 20, 4)).lower()
    for typed in (code, dashed):
        assert (await cabinet_api.get(f"/api/v1/verify/{typed}")).json() == genuine

    await case.decide(DecisionAmendedV1, version=2)  # whose report is on its way
    replaced = await verified(cabinet_api, pdf)
    assert replaced == genuine | {"state": "replaced", "replaced_at": replaced["replaced_at"]}
    assert replaced["replaced_at"] is not None
    assert (await cabinet_api.get(f"/api/v1/verify/{code}")).json() == replaced
    await desk.experts.announce(case, report(case, 2).body())
    await desk.experts.work()
    assert await verified(cabinet_api, pdf) == replaced
    assert (await cabinet_api.get(f"/api/v1/verify/{code}")).json() == replaced


@pytest.mark.parametrize("meddle", TAMPERED.values(), ids=TAMPERED.keys())
async def test_a_changed_file_is_found(
    meddle: Callable[[bytes], bytes], client: Person, case: Case, desk: Desk, cabinet_api: httpx.AsyncClient
) -> None:
    await desk.answer(case)
    await desk.work()
    changed = meddle((await fetched(client, case)).content)
    assert (await verified(cabinet_api, changed))["state"] == "changed"


async def test_another_key_makes_no_report(
    client: Person, case: Case, desk: Desk, cabinet_api: httpx.AsyncClient, tmp_path: Path
) -> None:
    await desk.answer(case)
    await desk.work()
    ours = (await fetched(client, case)).content
    [told] = (await client.get(f"{case.path}/reports")).json()
    unsigned = ours.partition(b"%%EOF\n")[0] + b"%%EOF\n"
    theirs = await asyncio.to_thread(signed, unsigned, a_key(tmp_path, "Somebody"), tmp_path, told["code"])
    assert (await verified(cabinet_api, theirs))["state"] == "changed"
    again = await asyncio.to_thread(signed, unsigned, desk.workshop.key, tmp_path, told["code"])
    assert (await verified(cabinet_api, again))["state"] == "genuine"


async def test_the_bytes_that_are_lost_here_are_known_by_the_signature(
    client: Person, case: Case, desk: Desk, cabinet_api: httpx.AsyncClient
) -> None:
    """As after a restored backup: the row is of a file that was made anew."""
    await desk.answer(case)
    await desk.work()
    pdf = (await fetched(client, case)).content
    async with desk.ports.backbone.database.writing() as session:
        for one in await session.scalars(select(ReportFile)):
            one.sha256 = "0" * 64
    assert (await verified(cabinet_api, pdf))["state"] == "genuine"


async def test_erased_with_its_client_and_says_so_for_ever(
    client: Person, case: Case, desk: Desk, cabinet_api: httpx.AsyncClient
) -> None:
    await desk.answer(case)
    await desk.work()
    pdf = (await fetched(client, case)).content
    [told] = (await client.get(f"{case.path}/reports")).json()
    await fetched(client, case, language="ru")
    await desk.erase(client, case)
    assert (await desk.rows(), desk.files()) == ([], [])
    assert await desk.work() == 0

    erased = {"state": "erased", "version": None, "made_at": None, "replaced_at": None}
    assert (await cabinet_api.get(f"/api/v1/verify/{told['code']}")).json() == erased
    assert await verified(cabinet_api, pdf) == erased


@pytest.mark.parametrize("code", ["0" * 20, "1", "I" * 64, "ЯЯЯЯ", "..%2F..", "%27%20OR%201%3D1--"])
async def test_a_code_of_nobody_is_one_of_nobody(code: str, cabinet_api: httpx.AsyncClient) -> None:
    answer = await cabinet_api.get(f"/api/v1/verify/{code}")
    if answer.status_code != 404:  # of an address with a slash in it
        assert (answer.status_code, answer.json()["state"]) == (200, "unknown")


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"hello", b"%PDF-1.7\n" + b"(" * 200_000])
async def test_what_is_no_report_is_unknown(body: bytes, cabinet_api: httpx.AsyncClient) -> None:
    assert (await verified(cabinet_api, body))["state"] == "unknown"


async def test_a_file_is_a_pdf_of_five_mebibytes_at_most(cabinet_api: httpx.AsyncClient) -> None:
    other = await cabinet_api.post("/api/v1/verify", content=b"x", headers={"Content-Type": "text/plain"})
    large = await cabinet_api.post(
        "/api/v1/verify", content=b"x" * (5 * 1024**2 + 1), headers={"Content-Type": PDF}
    )
    assert (other.status_code, large.status_code) == (415, 413)


async def test_so_many_files_are_received_at_once(cabinet_api: httpx.AsyncClient) -> None:
    begun, go_on = list[int](), asyncio.Event()

    async def slowly(number: int) -> AsyncGenerator[bytes]:
        begun.append(number)
        yield b"%PDF"
        await go_on.wait()

    def send(content: Any) -> asyncio.Task[httpx.Response]:
        return asyncio.create_task(
            cabinet_api.post("/api/v1/verify", content=content, headers={"Content-Type": PDF})
        )

    slow = [send(slowly(number)) for number in range(MOST_RECEIVED)]
    while len(begun) < MOST_RECEIVED:
        await asyncio.sleep(0.01)
    refused = await send(b"%PDF")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    go_on.set()
    assert {(await one).status_code for one in slow} == {200}
    assert (await send(b"%PDF")).status_code == 200


async def test_a_full_disk_is_said_to_be_one(
    cabinet_api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "nameless_file", lambda: nullcontext(Path("/dev/full")))
    answer = await cabinet_api.post("/api/v1/verify", content=b"%PDF", headers={"Content-Type": PDF})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


async def test_nobody_tries_codes_for_long(cabinet_api: httpx.AsyncClient) -> None:
    answers = [(await cabinet_api.get(f"/api/v1/verify/{'0' * 20}")).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
