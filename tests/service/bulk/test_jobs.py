"""One job for many cars: each row becomes one inspection, once, whatever happens on the way."""

import asyncio
import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from cabinet_service.accounts.models import Branch
from cabinet_service.api_ports import ApiPorts
from cabinet_service.bulk import service
from cabinet_service.bulk.models import BulkJob, BulkRow
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting.known import RECENT, hold_cars
from cabinet_service.wiring import work_handlers
from service_kit import failpoints
from service_kit.db import database_now
from service_kit.failpoints import Deed, Injected, Point
from shared_schemas.words import InspectionState
from tests.service.bulk.conftest import VINS, Company, Json, Person, listed
from tests.support.delivery import do_work


async def ordered(person: Person, body: Json, key: str | None = None) -> Json:
    answer = await person.post("/bulk-jobs", body, key=key)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Retry-After"]
    return answer.json()


async def rows_of(person: Person, job: Json, **params: Any) -> list[Json]:
    found: list[Json] = []
    while True:
        page = (await person.get(f"/bulk-jobs/{job['id']}/rows", **params)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        params["cursor"] = page["next_cursor"]


async def count_inspections(ports: ApiPorts) -> int:
    async with ports.backbone.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Inspection)) or 0


async def answered_long_ago(ports: ApiPorts, inspection_id: str) -> None:
    async with ports.backbone.database.writing() as session:
        inspection = await session.get_one(Inspection, UUID(inspection_id), lock=True)
        inspection.state = InspectionState.ANSWERED
        inspection.submitted_at = await database_now(session) - RECENT - timedelta(days=1)
        await session.commit()


async def test_a_list_becomes_an_inspection_per_car(company: Company, work: Any) -> None:
    north, _ = company.agents
    body = listed(
        company,
        {
            "identifier": VINS[0],
            "make": "VW",
            "year": "15.03.2012",
            "mileage": "120 тыс. км",
            "worry": "Дверь?",
        },
        {"identifier": VINS[1][:-1], "reference": "7-б"},
        {"identifier": VINS[0].lower()},
        {"plate": "а123вс77", "year": 2003},
        label="май.xlsx",
    )
    job = await ordered(north, body)
    assert job["state"] == "running"
    assert job["branch_id"] == str(company.branches[0])
    assert job["counts"] == {"waiting": 2, "made": 0, "existing": 0, "refused": 2}
    await work()

    job = (await company.admin.get(f"/bulk-jobs/{job['id']}")).json()
    assert (job["state"], job["label"], job["rows"]) == ("done", "май.xlsx", 4)
    assert job["counts"] == {"waiting": 0, "made": 2, "existing": 0, "refused": 2}
    first, short, twice, plate = await rows_of(north, job)
    assert [one["state"] for one in (first, short, twice, plate)] == ["made", "refused", "refused", "made"]
    assert [(one["code"], one["pointer"]) for one in short["remarks"]] == [("vin_too_short", "/identifier")]
    assert [(one["code"], one["params"]) for one in twice["remarks"]] == [("row_duplicate", {"row": 2})]
    made = await north.inspection(first["inspection_id"])
    assert made["number"] == first["inspection_number"]
    assert (made["state"], made["branch_id"], made["worry"]) == ("draft", job["branch_id"], "Дверь?")
    assert (made["claim"]["identifier"], made["claim"]["year"], made["claim"]["mileage_km"]) == (
        VINS[0],
        2012,
        120_000,
    )
    assert made["missing"] == ["vin_place_photo"]
    assert await north.kinds(made["id"]) == ["created"]
    assert (await north.inspection(plate["inspection_id"]))["claim"]["plate"] == "а123вс77"


async def test_a_worker_that_is_killed_anywhere_makes_no_inspection_twice(
    company: Company, cabinet_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbone, handlers = cabinet_ports.backbone, work_handlers(cabinet_ports)
    job = await ordered(company.admin, listed(company, *({"identifier": vin} for vin in VINS)))
    kills = 0
    # Before and after each hand-over, in each of the transactions that the job takes.
    for point in (Point.CLAIMED, Point.EFFECTED, Point.COMMITTING, Point.COMMITTED) * 2:
        monkeypatch.setenv(failpoints.VARIABLE, f"{point}={Deed.ERROR}@{1 + kills % 2}")
        failpoints.arm(environment="development")
        try:
            await do_work(backbone, handlers)
        except Injected:
            kills += 1
        finally:
            failpoints.disarm()
        assert await count_inspections(cabinet_ports) in {0, 50, 100, 120}
    await do_work(backbone, handlers)
    assert kills >= 4
    rows = await rows_of(company.admin, job)
    assert {one["state"] for one in rows} == {"made"}
    assert len({one["inspection_id"] for one in rows}) == len(VINS) == await count_inspections(cabinet_ports)
    assert (await company.admin.get(f"/bulk-jobs/{job['id']}")).json()["state"] == "done"


async def test_a_list_that_is_sent_twice_is_one_job(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    body = listed(company, {"identifier": VINS[0]})
    first = await ordered(company.admin, body, key="the-same-list")
    again = await company.admin.post("/bulk-jobs", body, key="the-same-list")
    assert (again.status_code, again.json()["id"]) == (202, first["id"])
    other = await company.admin.post("/bulk-jobs", body | {"label": "other"}, key="the-same-list")
    assert other.json()["code"] == "idempotency_key_reused"
    await work()
    assert await count_inspections(cabinet_ports) == 1


async def test_a_car_that_the_company_has_is_given_back_unless_it_is_wanted_again(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    north, south = company.agents
    known = await north.start({"identifier": VINS[0]}, company_id=str(company.id))
    body = listed(company, {"identifier": VINS[0]}, {"identifier": VINS[1]})
    check = (await company.admin.post("/bulk-jobs/check", body)).json()
    assert check["counts"] == {"waiting": 0, "made": 1, "existing": 1, "refused": 0}
    assert check["rows"][0]["known"]["inspection_id"] == known["id"]
    assert check["rows"][0]["known"]["number"] == known["number"]
    # What another branch has ordered is none of this one's to see.
    assert (await south.post("/bulk-jobs/check", body)).json()["counts"]["made"] == 2

    jobs = [await ordered(company.admin, body) for _ in range(2)]
    await work()
    states = [[one["state"] for one in await rows_of(company.admin, job)] for job in jobs]
    assert states == [["existing", "made"], ["existing", "existing"]]
    assert await count_inspections(cabinet_ports) == 2

    await answered_long_ago(cabinet_ports, known["id"])
    check = (await company.admin.post("/bulk-jobs/check", body)).json()
    assert check["counts"]["made"] == 1
    assert check["rows"][0]["known"]["number"] == known["number"]

    other = (await rows_of(company.admin, jobs[0]))[1]["inspection_id"]
    wanted = await ordered(company.admin, listed(company, {"identifier": VINS[1], "again": True}))
    await work()
    [row] = await rows_of(company.admin, wanted)
    assert (row["state"], row["inspection_id"] == other) == ("made", False)


async def test_a_plate_is_one_wherever_it_was_typed(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    old, new = [
        await company.admin.start({where: "а123вс77"}, company_id=str(company.id))
        for where in ("identifier", "plate")
    ]
    await answered_long_ago(cabinet_ports, old["id"])
    for where in ("identifier", "plate"):
        job = await ordered(company.admin, listed(company, {where: "a123bc77"}))
        await work()
        [row] = await rows_of(company.admin, job)
        assert (row["state"], row["inspection_id"]) == ("existing", new["id"])


async def test_a_list_waits_for_who_orders_one_of_its_cars(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    await ordered(company.admin, listed(company, {"identifier": VINS[1]}, {"identifier": VINS[0]}))
    async with cabinet_ports.backbone.database.writing() as session:
        await hold_cars(session, company.id, VINS[:1])
        working = asyncio.create_task(work())
        waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while not await session.fetch(waiting):
            assert not working.done()
            await asyncio.sleep(0.01)
    await working
    assert await count_inspections(cabinet_ports) == 2


async def close(ports: ApiPorts, branch_id: UUID) -> None:
    async with ports.backbone.database.writing() as session:
        closed = update(Branch).where(Branch.id == branch_id)
        await session.execute(closed.values(closed_at=await database_now(session)))


async def test_for_a_branch_that_is_closed_nothing_is_ordered(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    body = listed(company, {"identifier": VINS[0]}, branch_id=str(company.branches[0]))
    job = await ordered(company.admin, body)
    await close(cabinet_ports, company.branches[0])
    await work()
    [row] = await rows_of(company.admin, job)
    assert (row["state"], [one["code"] for one in row["remarks"]]) == ("refused", ["row_not_yours"])
    assert (await company.admin.get(f"/bulk-jobs/{job['id']}")).json()["state"] == "done"
    for path in ("/bulk-jobs", "/bulk-jobs/check"):
        assert (await company.admin.post(path, body)).json()["code"] == "branch_closed"


async def test_nothing_is_ordered_by_a_check(company: Company, cabinet_ports: ApiPorts) -> None:
    body = listed(company, {"identifier": "JMBSN11WRZ000210"}, {"identifier": VINS[0], "year": 40983})
    answer = await company.admin.post("/bulk-jobs/check", body)
    wrong, fine = answer.json()["rows"]
    assert wrong["would"] == "refused"
    assert fine["display"] == "WVW ZZZ1JZ 3W000001"
    assert fine["year"] == 2012
    assert [(one["code"], one["severity"]) for one in fine["remarks"]] == [("year_from_days", "info")]
    assert await count_inspections(cabinet_ports) == 0
    assert (await company.admin.get("/bulk-jobs", company_id=str(company.id))).json()["items"] == []


async def test_a_job_belongs_to_its_branch(company: Company, stranger: Person) -> None:
    north, south = company.agents
    job = await ordered(north, listed(company, {"identifier": VINS[0]}))
    for path in ("", "/rows", "/result.csv"):
        assert (await north.get(f"/bulk-jobs/{job['id']}{path}")).status_code == 200
        assert (await company.admin.get(f"/bulk-jobs/{job['id']}{path}")).status_code == 200
        for other in (south, stranger):
            assert (await other.get(f"/bulk-jobs/{job['id']}{path}")).status_code == 404
    assert (await stranger.get("/bulk-jobs", company_id=str(company.id))).status_code == 404
    for person, seen in ((company.admin, 1), (north, 1), (south, 0)):
        jobs = (await person.get("/bulk-jobs", company_id=str(company.id))).json()["items"]
        assert len(jobs) == seen
    body = listed(company, {"identifier": VINS[1]})
    assert (await stranger.post("/bulk-jobs", body)).status_code == 404
    assert (await stranger.post("/bulk-jobs/check", body)).status_code == 404
    of_south = body | {"branch_id": str(company.branches[1])}
    assert (await north.post("/bulk-jobs", of_south)).status_code == 404


async def test_who_was_removed_meanwhile_orders_nothing_more(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    from cabinet_service.accounts.models import CompanyMembership

    north, _ = company.agents
    job = await ordered(north, listed(company, {"identifier": VINS[0]}))
    async with cabinet_ports.backbone.database.writing() as session:
        moved = update(CompanyMembership).where(CompanyMembership.account_id == north.account_id)
        await session.execute(moved.values(branch_id=company.branches[1]))
    await work()
    [row] = await rows_of(company.admin, job)
    assert (row["state"], [one["code"] for one in row["remarks"]]) == ("refused", ["row_not_yours"])
    assert await count_inspections(cabinet_ports) == 0


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"identifier": "nothing"}, {}], "bulk_nothing_to_order"),
        ([{"identifier": "x"}] * 1_001, "bulk_too_many_rows"),
        ([], "malformed_request"),
        ([{"identifier": ["a"]}], "malformed_request"),
        ([{"vin": VINS[0]}], "malformed_request"),
    ],
)
async def test_a_list_that_is_not_taken_says_why(company: Company, rows: list[Json], code: str) -> None:
    answer = await company.admin.post("/bulk-jobs", listed(company, *rows))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(("number", "code"), [("1e400", "malformed_request"), ("9" * 5_000, "invalid_json")])
async def test_a_number_that_cannot_be_kept_is_told(company: Company, number: str, code: str) -> None:
    body = json.dumps(listed(company, {"identifier": VINS[0], "mileage": "?"})).replace('"?"', number)
    headers = {"Content-Type": "application/json", "Idempotency-Key": "a-large-number"}
    answer = await company.admin.send("POST", "/bulk-jobs", content=body, headers=headers)
    assert answer.json()["code"] == code, answer.text


async def test_one_bad_row_holds_up_no_other(company: Company, work: Any) -> None:
    cells: list[Any] = ["", "\u202e" + VINS[1], "x" * 20_000, 1e300, -5, "=HYPERLINK(1)", "🚗", "\n\t"]
    body = listed(
        company,
        {"identifier": VINS[0]},
        *({"identifier": cell, "year": cell, "worry": cell} for cell in cells),
    )
    job = await ordered(company.admin, body)
    await work()
    states = [one["state"] for one in await rows_of(company.admin, job)]
    assert states == ["made", *["refused"] * len(cells)]


async def test_the_result_opens_in_a_spreadsheet_and_runs_nothing(company: Company, work: Any) -> None:
    body = listed(
        company,
        {"identifier": VINS[0], "reference": "=cmd|' /C calc'!A0"},
        {"identifier": "+7 900", "reference": "@x"},
    )
    job = await ordered(company.admin, body)
    await work()
    answer = await company.admin.get(f"/bulk-jobs/{job['id']}/result.csv", headers={"Accept-Language": "ru"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert first["reference"] == "'=cmd|' /C calc'!A0"
    assert first["state"] == "made"
    assert first["inspection_url"].startswith("http")
    assert second["number"] == "'+7 900"
    assert "vin_too_short" in second["remarks"]


async def test_rows_are_given_page_by_page_and_by_state(company: Company, work: Any) -> None:
    body = listed(company, *({"identifier": vin} for vin in VINS[:7]), {"identifier": "?"})
    job = await ordered(company.admin, body)
    await work()
    assert [one["place"] for one in await rows_of(company.admin, job, limit=3)] == list(range(1, 9))
    assert [one["place"] for one in await rows_of(company.admin, job, state="refused")] == [8]
    bad = await company.admin.get(f"/bulk-jobs/{job['id']}/rows", cursor="x")
    assert bad.json()["code"] == "bad_cursor"


async def test_a_job_goes_after_ninety_days_and_its_inspections_stay(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    jobs = [await ordered(company.admin, listed(company, {"identifier": vin})) for vin in VINS[:2]]
    await work()
    async with cabinet_ports.backbone.database.writing() as session:
        long_ago = BulkJob.created_at - timedelta(days=90, seconds=1)
        await session.execute(update(BulkJob).where(BulkJob.id == jobs[0]["id"]).values(created_at=long_ago))
    async with cabinet_ports.backbone.database.writing() as session:
        assert not await service.forget_old(session, await database_now(session))
    assert (await company.admin.get(f"/bulk-jobs/{jobs[0]['id']}")).status_code == 404
    assert (await company.admin.get(f"/bulk-jobs/{jobs[1]['id']}")).status_code == 200
    assert await count_inspections(cabinet_ports) == 2


async def test_the_lists_go_with_the_account_and_the_inspections_stay_the_companys(
    company: Company, work: Any, cabinet_ports: ApiPorts
) -> None:
    north, _ = company.agents
    await ordered(north, listed(company, {"identifier": VINS[0], "worry": "secret"}))
    await ordered(north, listed(company, {"identifier": VINS[1]}))
    async with cabinet_ports.backbone.database.writing() as session:
        await service.erase(session, north.account_id)
    await work()
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(BulkRow)) == 0
    assert await count_inspections(cabinet_ports) == 0  # what was not made yet is not made


async def test_a_job_says_which_column_was_what_for_the_next_list(company: Company) -> None:
    columns = [{"name": "Шасси", "field": "identifier"}, {"name": None, "field": None}]
    job = await ordered(company.admin, listed(company, {"identifier": VINS[0]}, columns=columns))
    assert job["columns"] == columns
    plain = await ordered(company.admin, listed(company, {"identifier": VINS[1]}))
    listing = (await company.admin.get("/bulk-jobs", company_id=str(company.id))).json()["items"]
    assert [one["columns"] for one in listing] == [None, columns]
    assert plain["columns"] is None
    for wrong in (
        [{"name": "x" * 201, "field": None}],
        [{"name": "VIN", "field": "colour"}],
        [columns[0]] * 101,
    ):
        answer = await company.admin.post("/bulk-jobs", listed(company, {"plate": "А1"}, columns=wrong))
        assert answer.status_code == 422, wrong
