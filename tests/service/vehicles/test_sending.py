"""A file is sent at the desk, waits its turn, and is imported; whoever may look sees how far it is."""

import csv
import errno
import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import Role
from bpa_service.vehicles.importing import running
from bpa_service.vehicles.importing.line import MOST_WAITING
from bpa_service.vehicles.importing.working import Worker
from bpa_service.vehicles.mappings import catalogue
from service_kit.db import database_now
from tests.service.vehicles.conftest import STOCK_HEADER, Colleague, stock
from tests.support.experts import sign_in


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


async def test_a_file_that_is_sent_waits_is_imported_and_is_accounted_for(
    admin: Colleague, worker: Worker, uploads: Path
) -> None:
    sent = await admin.sent(stock(2) + "TOYOTA,COROLLA,,2010,5\n", name="C:\\Users\\Me\\stock.csv")

    assert (sent["state"], sent["number"], sent["came_by"]) == ("waiting", None, "upload")
    assert (sent["file"], sent["started_by"]["display_name"]) == ("stock.csv", "Bpa_Admin")
    assert names_in(uploads) == [sent["id"]]
    source = await admin.source()
    assert (source["waiting"], source["next"]["id"], source["last"]) == (1, sent["id"], None)

    await worker.work()

    seen = await admin.seen(sent["id"])
    tally = seen["tally"]
    assert (seen["state"], seen["reason"]) == ("published", None)
    assert seen["number"] is not None
    assert tally["rows"] == tally["records"] + tally["duplicates"] + sum(tally["rejected"].values()) == 3
    assert seen["stored"] == {"sent": 2, "added": 2, "known": 0, "withdrawn": 0}
    assert seen["progress"]["bytes_read"] == seen["size_bytes"]
    assert (seen["rejects_kept"], seen["can_be_undone"]) == (1, True)
    assert names_in(uploads) == []
    source = await admin.source()
    assert (source["waiting"], source["next"], source["last"]["id"]) == (0, None, sent["id"])


async def test_the_list_of_sources_says_what_each_is(admin: Colleague) -> None:
    answer = (await admin.get("sources")).json()

    assert [one["name"] for one in answer["items"]] == list(catalogue.names())
    assert (answer["can_import"], answer["can_send"], answer["has_drop_folder"]) == (True, True, True)
    stock_lists = await admin.source("jp_stock")
    assert (stock_lists["country"], stock_lists["kinds"], stock_lists["delivery"]) == (
        "JP",
        ["advert"],
        "complete",
    )
    assert (stock_lists["identifiers"], stock_lists["asked"]) == (["vin"], None)
    assert (await admin.source("rdw"))["asked"]["takes"] == ["plate"]


async def test_files_of_a_source_are_imported_one_after_the_other(admin: Colleague, worker: Worker) -> None:
    first = await admin.sent(stock(2))
    second = await admin.sent(stock(1, first=2), as_of="2026-11-02T00:00:00Z")
    other = await admin.sent(stock(1), source="us_auctions")
    assert (await admin.source())["next"]["id"] == first["id"]

    await worker.step()
    states = [(await admin.seen(one["id"]))["state"] for one in (first, second, other)]
    assert states == ["published", "waiting", "waiting"]

    await worker.work()
    assert (await admin.seen(second["id"]))["stored"] == {
        "sent": 1, "added": 0, "known": 1, "withdrawn": 1,
    }  # fmt: skip
    failed = await admin.seen(other["id"])
    assert (failed["state"], failed["reason"], failed["stored"]) == ("failed", "columns_missing", None)


async def test_the_same_file_is_taken_once(admin: Colleague, worker: Worker, uploads: Path) -> None:
    key = uuid4().hex
    first = await admin.sent(stock(1), key=key)
    again = await admin.send(stock(1), key=key)
    assert (again.status_code, again.json()) == (202, first)
    for _ in range(2):
        refused = await admin.send(stock(1))
        assert (refused.status_code, refused.json()["code"]) == (409, "import_file_known")
        assert refused.json()["params"] == {"import_id": first["id"]}
        assert names_in(uploads) in ([first["id"]], [])
        await worker.work()

    assert (await admin.undo(first["id"])).status_code == 202
    await worker.work()
    anew = await admin.sent(stock(1))
    await worker.work()
    assert (await admin.seen(anew["id"]))["state"] == "published"


async def test_a_file_that_cannot_be_taken_leaves_nothing(
    admin: Colleague, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def code(content: bytes | str, **more: Any) -> tuple[int, str]:
        answer = await admin.send(content, **more)
        assert names_in(uploads) == []
        return answer.status_code, answer.json()["code"]

    assert await code("") == (422, "import_file_empty")
    assert await code(bytes(40_000_001)) == (413, "import_file_too_large")
    assert await code(bytes(41_000_000)) == (413, "body_too_large")
    assert await code(stock(1), as_of="2100-01-01T00:00:00Z") == (422, "as_of_in_future")
    assert await code(stock(1), as_of="yesterday") == (422, "malformed_request")
    assert await code(stock(1), source="no_such_source") == (404, "not_found")
    assert await code(stock(1), key="short") == (400, "idempotency_key_missing")

    def full(_descriptor: int, _data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        for size in (10, 3_000_000):
            assert await code(bytes(size)) == (507, "storage_full")


async def test_so_many_files_of_a_source_wait_at_most(admin: Colleague) -> None:
    for number in range(MOST_WAITING):
        await admin.sent(stock(1, kms=number))
    refused = await admin.send(stock(1, kms=MOST_WAITING))
    assert (refused.status_code, refused.json()["code"]) == (409, "import_line_full")


async def test_a_file_that_waits_can_be_taken_out_of_the_line(
    admin: Colleague, worker: Worker, uploads: Path, bpa_ports: ApiPorts
) -> None:
    sent = await admin.sent(stock(1))
    assert (await admin.cancel(sent["id"])).status_code == 204
    await worker.work()
    seen = await admin.seen(sent["id"])
    assert (seen["state"], seen["number"]) == ("cancelled", None)
    again = await admin.cancel(sent["id"])
    assert (again.status_code, again.json()["code"]) == (409, "import_not_waiting")

    waits = await admin.sent(stock(2))
    (uploads / "nobody's").write_text("of an API that was killed")
    for path in uploads.iterdir():
        os.utime(path, (0, 0))
    async with bpa_ports.backbone.database.writing() as session:
        await running.tidy(session, await database_now(session), folder=uploads)
    assert names_in(uploads) == [waits["id"]]


async def test_the_newest_import_of_a_source_is_undone(admin: Colleague, worker: Worker) -> None:
    first = await admin.sent(stock(2))
    second = await admin.sent(stock(1), as_of="2026-11-02T00:00:00Z")
    await worker.work()

    assert [(await admin.seen(one["id"]))["can_be_undone"] for one in (first, second)] == [False, True]
    refused = await admin.undo(first["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "import_not_newest")
    asked = await admin.undo(second["id"])
    assert (asked.status_code, asked.json()["state"]) == (202, "undoing")
    assert (await admin.undo(second["id"])).json()["state"] == "undoing"
    await worker.work()
    assert (await admin.seen(second["id"]))["state"] == "undone"
    refused = await admin.undo(second["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "import_not_published")
    assert (await admin.seen(first["id"]))["can_be_undone"]

    audited = (await admin.get("audit")).json()["items"]
    acts = [one["act"] for one in audited if one["act"].startswith("vehicle_import")]
    assert acts == ["vehicle_import_undone", "vehicle_import_started", "vehicle_import_started"]


async def test_a_source_that_is_busy_says_with_what_and_since_when(
    admin: Colleague, worker: Worker, bpa_ports: ApiPorts
) -> None:
    first = await admin.sent(stock(1))
    await worker.work()
    second = await admin.sent(stock(2), name="other.csv")
    async with bpa_ports.backbone.database.writing() as session:
        await session.execute(
            text(
                "UPDATE vehicle_imports SET state = 'running', started_at = now(), "
                "alive_until = now() + interval '1 minute' WHERE state = 'waiting'"
            )
        )
    assert (await admin.seen(second["id"]))["shows_life"]
    assert not (await admin.seen(first["id"]))["can_be_undone"]
    refused = await admin.undo(first["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "source_busy")
    params = refused.json()["params"]
    assert (params["import_id"], params["file"], params["who"]) == (second["id"], "other.csv", "Bpa_Admin")
    assert "UTC" in params["since"]


async def test_rejected_rows_are_a_table_in_which_nothing_is_a_formula(
    admin: Colleague, worker: Worker
) -> None:
    rows = ["=HYPERLINK(1),a,,,", "@SUM(1+1),b,,,", " \t+1,c,,,", "-2,d,,,", 'x,"a ""quoted"", cell",,,']
    sent = await admin.sent(STOCK_HEADER + "".join(f"{row}\n" for row in rows))
    await worker.work()
    answer = await admin.get(f"imports/{sent['id']}/rejects.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="rejects-jp_stock.csv"'
    assert answer.text.startswith("\ufeff")
    head, *found = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head == ["file", "row", "item", "reason", "column", "text"]
    assert [(row[1], row[3]) for row in found] == [
        (str(number), "identifier_missing") for number in range(2, 2 + len(rows))
    ]
    assert not any(cell.strip(" ").startswith(("=", "+", "-", "@", "\t")) for row in found for cell in row)
    assert found[0][5].startswith("'=HYPERLINK")
    assert (await admin.get(f"imports/{uuid4()}/rejects.csv")).status_code == 404


async def test_imports_come_in_pages_the_last_to_come_first(admin: Colleague, worker: Worker) -> None:
    sent = [await admin.sent(stock(1, kms=number)) for number in range(3)]
    await worker.step()
    page = await admin.get("imports", limit=2)
    assert [one["id"] for one in page.json()["items"]] == [sent[2]["id"], sent[1]["id"]]
    assert 'rel="next"' in page.headers["link"]
    rest = await admin.get("imports", limit=2, cursor=page.json()["next_cursor"])
    assert [one["id"] for one in rest.json()["items"]] == [sent[0]["id"]]
    waiting = await admin.get("imports", state="waiting", source="jp_stock")
    assert len(waiting.json()["items"]) == 2
    assert (await admin.get("imports", source="rdw")).json()["items"] == []


async def test_who_oversees_sees_it_and_changes_nothing(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, admin: Colleague, worker: Worker
) -> None:
    sent = await admin.sent(stock(1))
    await worker.work()
    lead = Colleague(bpa_api, await sign_in(bpa_ports, Role.SHIFT_LEAD))
    assert (await lead.seen(sent["id"]))["started_by"]["display_name"] == "Bpa_Admin"
    assert (await lead.get(f"imports/{sent['id']}/rejects.csv")).status_code == 200
    for refused in (await lead.send(stock(2)), await lead.undo(sent["id"]), await lead.cancel(sent["id"])):
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_a_run_that_shows_no_life_is_said_to_show_none(admin: Colleague, bpa_ports: ApiPorts) -> None:
    sent = await admin.sent(stock(1))
    async with bpa_ports.backbone.database.writing() as session:
        now = await database_now(session)
        await session.execute(
            text("UPDATE vehicle_imports SET state = 'running', alive_until = :then"),
            {"then": now - timedelta(minutes=1)},
        )
    seen = await admin.seen(sent["id"])
    assert (seen["state"], seen["shows_life"]) == ("running", False)
