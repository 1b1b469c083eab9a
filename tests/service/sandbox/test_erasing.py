"""A week after it was begun a test is erased on both sides; what is real or younger stays."""

from typing import Any

from bpa_service.api_ports import ApiPorts as BpaPorts
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.privacy import sandbox as erasing
from service_kit.db import database_now
from shared_schemas.personal import ERASED
from tests.service.inspections.conftest import Json
from tests.service.sandbox.conftest import Sandbox, number


async def let_a_week_pass(ports: CabinetPorts, *inspections: Json) -> None:
    async with ports.backbone.database.writing() as session:
        for table in ("inspections", "bulk_jobs", "history_orders"):
            only = " AND id = ANY ($1::uuid[])" if table == "inspections" else ""
            await session.fetch(
                f"UPDATE {table} SET created_at = created_at - interval '7 days 1 minute' WHERE true{only}",
                *([[one["id"] for one in inspections]] if only else []),
            )


async def erase_all(ports: CabinetPorts) -> None:
    more = True
    while more:
        async with ports.backbone.database.writing() as session:
            more = await erasing.erase_oldest(session, await database_now(session), files=ports.files)


async def fetched(ports: CabinetPorts | BpaPorts, statement: str) -> list[Any]:
    async with ports.backbone.database.reading() as session:
        return [row[0] for row in await session.fetch(statement)]


async def test_a_test_of_a_week_ago_is_gone_on_both_sides_and_a_younger_one_is_not(
    sandbox: Sandbox, cabinet_ports: CabinetPorts, bpa_ports: BpaPorts
) -> None:
    answered, waits = await sandbox.after(number("FAKED")), await sandbox.after(number("LATER"))
    young = await sandbox.after(number("CLEAN"))
    rows = [{"identifier": number("MAYBE")}]
    await sandbox.program.post("/bulk-jobs", {"company_id": str(sandbox.company_id), "rows": rows})
    await sandbox.boss.post("/histories", {"text": number("CLEAN", 7)})
    await sandbox.settle()
    [listed] = [
        one
        for one in (await sandbox.program.get("/inspections")).json()["items"]
        if one["id"] not in {answered["id"], waits["id"], young["id"]}
    ]
    told_of = "SELECT id FROM notifications WHERE inspection_id IN (SELECT id FROM history_orders)"
    assert len(await fetched(cabinet_ports, told_of)) == 1
    await let_a_week_pass(cabinet_ports, answered, waits, listed)
    await erase_all(cabinet_ports)
    await sandbox.settle()

    assert await fetched(cabinet_ports, told_of) == []
    erased = await fetched(cabinet_ports, "SELECT id::text FROM inspections WHERE erased_at IS NOT NULL")
    assert set(erased) == {answered["id"], waits["id"], listed["id"]}
    known = await fetched(bpa_ports, "SELECT id::text FROM cases WHERE erased_at IS NOT NULL")
    assert set(known) == {answered["id"], waits["id"]}  # of a draft they never knew
    for one in (answered, waits, listed):
        left = (await sandbox.program.get(f"/inspections/{one['id']}")).json()
        assert (left["claim"]["identifier"], left["worry"], left["evidence"]) == (None, None, [])
        assert left["decision"] is None or left["decision"]["summary"] == ERASED
    ended = f"SELECT state FROM inspections WHERE id = '{waits['id']}'"
    assert await fetched(cabinet_ports, ended) == ["cancelled"]
    assert (await sandbox.program.inspection(young["id"]))["claim"]["identifier"] == number("CLEAN")
    assert await fetched(cabinet_ports, "SELECT id FROM bulk_jobs") == []
    told = await fetched(
        cabinet_ports,
        "SELECT DISTINCT inspection_id::text FROM webhook_events WHERE inspection_id IS NOT NULL",
    )
    assert not set(told) & set(erased)
    for ports in (cabinet_ports, bpa_ports):
        assert await fetched(ports, "SELECT erased_at IS NOT NULL FROM history_orders") == [True]


async def test_what_is_no_test_stays_whatever_its_age(sandbox: Sandbox, cabinet_ports: CabinetPorts) -> None:
    real, made = await sandbox.after(number("FAKED")), await sandbox.after(number("CLEAN"))
    async with cabinet_ports.backbone.database.writing() as session:
        await session.fetch("UPDATE inspections SET is_test = false WHERE id = $1::uuid", real["id"])
    await let_a_week_pass(cabinet_ports, real, made)
    await erase_all(cabinet_ports)

    erased = await fetched(cabinet_ports, "SELECT id::text FROM inspections WHERE erased_at IS NOT NULL")
    assert erased == [made["id"]]
    kept = await sandbox.program.inspection(real["id"])
    assert (kept["claim"]["identifier"], kept["decision"]["verdict"]) == (number("FAKED"), "forgery_signs")


async def test_the_company_and_its_keys_go_on(sandbox: Sandbox, cabinet_ports: CabinetPorts) -> None:
    before = await sandbox.after(number("CLEAN"))
    await let_a_week_pass(cabinet_ports, before)
    await erase_all(cabinet_ports)
    await sandbox.settle()

    again = await sandbox.after(number("CLEAN"))

    assert again["id"] != before["id"]
    assert again["state"] == "answered"
