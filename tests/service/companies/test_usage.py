"""What a month came to: by branch and person, and as a register."""

import csv
import io

import openpyxl
import pytest
from openpyxl.worksheet import _writer

from cabinet_service.inspections.usage import api, queries
from shared_schemas.words import Verdict
from tests.service.companies.conftest import Firm
from tests.service.companies.orders import Photo, ready, send
from tests.service.inspections.conftest import Bpa, Case, Person


def named_file(suffix: str = "") -> str:
    raise AssertionError(f"a sheet would lie by name on the disk{suffix}")


async def test_a_month_by_branch_and_person_and_as_a_register(
    firm: Firm, client: Person, photo: Photo, bpa: Bpa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    await client.patch("/me", {"display_name": "=1+1"})
    await firm.join(client)
    clean = (await send(client, await ready(client, photo, company_id=firm.id))).json()
    poor = (await send(client, await ready(client, photo, company_id=firm.id))).json()
    of_boss = (
        await send(firm.boss, await ready(firm.boss, photo, company_id=firm.id, branch_id=firm.south))
    ).json()
    assert (await client.post(f"/inspections/{poor['id']}/messages", {"text": "Own"})).status_code == 201
    for order, verdict in ((clean, Verdict.CLEAN), (poor, Verdict.INSUFFICIENT_DATA)):
        case = Case(bpa, order)
        await case.queue()
        await case.claim()
        await case.decide(verdict=verdict)

    rows = (await firm.boss.get(f"{firm.path}/usage")).json()["rows"]
    told = {row["name"]: row for row in rows}
    assert (told["=1+1"]["sent"], told["=1+1"]["counted"]) == (2, 1)
    assert told["=1+1"]["verdicts"] == {"clean": 1, "insufficient_data": 1}
    assert (told["Founder"]["branch_id"], told["Founder"]["counted"]) == (firm.south, 1)
    # An agent is told of their branch, whatever they ask for.
    [own] = (await client.get(f"{firm.path}/usage")).json()["rows"]
    assert own["account_id"] == str(client.account_id)
    assert (await firm.boss.get(f"{firm.path}/usage", month="2020-01")).json()["rows"] == []
    assert (await firm.boss.get(f"{firm.path}/usage", month="2020-1")).json()[
        "code"
    ] == "month_not_understood"

    answer = await firm.boss.get(f"{firm.path}/register", format="csv", language="en")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="register-20')
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Number"] for row in table] == [clean["number"], poor["number"], of_boss["number"]]
    assert [row["Sent by"] for row in table] == ["'=1+1", "'=1+1", "Founder"]
    assert [row["Branch"] for row in table] == ["North", "North", "South"]
    assert [row["Counts"] for row in table] == ["yes", "no", "yes"]
    assert [row["Verdict"] for row in table] == [
        "No signs of altered markings seen",
        "Insufficient data",
        "Under way",
    ]
    assert [row["In time"] for row in table] == ["yes", "yes", ""]
    monkeypatch.setattr(_writer, "create_temporary_file", named_file)
    book = openpyxl.load_workbook(
        io.BytesIO((await client.get(f"{firm.path}/register", language="ru")).content)
    )
    [sheet] = book.worksheets
    assert [cell.value for cell in sheet["A"]] == ["Номер заявки", clean["number"], poor["number"]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}

    monkeypatch.setattr(api, "MOST_ROWS", 2)
    answer = await firm.boss.get(f"{firm.path}/register")
    assert (answer.status_code, answer.json()["code"]) == (409, "register_too_long")
    answer = await firm.boss.get(f"{firm.path}/register", branch_id=firm.north)
    assert answer.status_code == 200


async def test_what_is_left_is_seen_before_it_is_used_up(firm: Firm, client: Person, photo: Photo) -> None:
    await firm.join(client)
    await firm.boss.patch(firm.path, {"monthly_limit": 3})
    await firm.boss.patch(f"{firm.path}/branches/{firm.north}", {"monthly_limit": 2, "at_limit": "notice"})
    await send(firm.boss, await ready(firm.boss, photo, company_id=firm.id, branch_id=firm.south))
    await send(client, await ready(client, photo, company_id=firm.id))
    answer = (await client.get(f"{firm.path}/allowance")).json()
    assert [(one["name"], one["used"], one["left"]) for one in answer["allowances"]] == [
        ("Motors", 2, 1),
        ("North", 1, 1),
    ]
    # After it the transaction sees no more than before.
    assert (await client.get(f"{firm.path}/usage")).json()["rows"][0]["branch_id"] == firm.north
    foreign = await firm.boss.get(f"{firm.path}/allowance", branch_id=str(client.account_id))
    assert foreign.status_code == 404
