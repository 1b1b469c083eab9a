"""A report's file is known again by whoever has its code or the file, and nothing else is."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.verifying import api as verifying
from cabinet_service.reports.verifying.judge import MOST_RECEIVED
from shared_schemas.events.bpa_v1 import DecisionAmendedV1
from tests.factories.report_keys import TAMPERED, a_key, signed
from tests.service.inspections.conftest import Case, Person
from tests.service.inspections.report_files.conftest import PDF, Desk, fetched, verified
from tests.service.inspections.reports_of_bpa import report


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
