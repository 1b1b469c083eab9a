"""How somebody arranges the queue for themselves: what they put off, the views that they keep, and counts."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from bpa_service.cases.arranging import queries, service
from bpa_service.cases.holding import service as holding
from bpa_service.experts.domain import Expert, Role
from service_kit.ids import new_id
from tests.service.cases.caller import Caller, Json, opened_now, problem
from tests.service.cases.conftest import Desk, at
from tests.support.experts import sign_in

PATH = "/queue/arrangement"


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


async def arranged(caller: Caller) -> Json:
    return (await caller.get(PATH)).json()


def view(name: str, **fields: str) -> Json:
    return {"name": name, "view": "open", "text": "", "order": "left", **fields}


async def put_off(desk: Desk, case_id: UUID, by: Expert) -> None:
    async with desk.ports.backbone.database.writing() as session:
        await service.snooze(session, case_id, by=by, now=desk.now)


async def test_what_one_puts_off_is_away_on_every_device_and_for_nobody_else(
    desk: Desk, anna: Caller, bpa_api: httpx.AsyncClient
) -> None:
    case_id = await opened_now(desk, "A-0000001")

    told = await anna.send("PUT", f"{PATH}/snoozed/{case_id}")
    assert told.status_code == 200
    assert [one["case_id"] for one in (await arranged(anna))["snoozed"]] == [str(case_id)]
    boris = Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "boris"))
    assert (await arranged(boris))["snoozed"] == []
    # Put off again on another device it is one case still.
    await anna.send("PUT", f"{PATH}/snoozed/{case_id}")
    assert len((await arranged(anna))["snoozed"]) == 1

    assert (await anna.send("DELETE", f"{PATH}/snoozed")).status_code == 204
    assert (await arranged(anna))["snoozed"] == []
    assert problem(await anna.send("PUT", f"{PATH}/snoozed/{new_id()}")) == (404, "not_found")


async def test_what_is_put_off_is_not_next_until_it_comes_back(desk: Desk) -> None:
    first = await desk.opened("A-0000001")
    second = await desk.opened("A-0000002", at=at(0.5), now=at(0.5))
    await put_off(desk, first, desk.anna)

    taken = await desk.do(holding.take_next, but=None, by=desk.anna)
    assert taken
    assert taken.case.id == second
    others = await desk.do(holding.take_next, but=None, by=desk.boris)
    assert others
    assert others.case.id == first

    desk.now += service.SNOOZED_FOR + timedelta(seconds=1)
    again = await desk.do(holding.take_next, but=second, by=desk.anna)
    assert again
    assert again.case.id == first


async def test_what_came_back_is_forgotten(desk: Desk) -> None:
    early, late = [await desk.opened(f"A-000000{n}") for n in range(2)]
    await put_off(desk, early, desk.anna)
    desk.now += service.SNOOZED_FOR - timedelta(minutes=1)
    await put_off(desk, late, desk.anna)

    async with desk.ports.backbone.database.writing() as session:
        await service.forget_snoozes(session, desk.now + timedelta(minutes=2))
        left = await queries.snoozed(session, desk.anna.id, at(-60))
    assert [one.case_id for one in left] == [late]


async def test_a_view_is_kept_under_its_name_and_the_last_write_counts(anna: Caller) -> None:
    for body in (view("Toyota", text="toyota"), view("Late", order="slack"), view("Toyota", text="Camry")):
        assert (await anna.send("PUT", f"{PATH}/views", body)).status_code == 204

    kept = (await arranged(anna))["views"]
    assert [(one["name"], one["text"], one["order"]) for one in kept] == [
        ("Late", "", "slack"),
        ("Toyota", "Camry", "left"),
    ]
    for _ in range(2):
        assert (await anna.send("DELETE", f"{PATH}/views?name=Late")).status_code == 204
    assert [one["name"] for one in (await arranged(anna))["views"]] == ["Toyota"]


async def test_two_devices_that_keep_a_view_at_once_lose_none(anna: Caller) -> None:
    names = ["Toyota", "Lada", "Toyota", "Kia"]

    answers = await asyncio.gather(*(anna.send("PUT", f"{PATH}/views", view(name)) for name in names))

    assert {one.status_code for one in answers} == {204}
    assert {one["name"] for one in (await arranged(anna))["views"]} == set(names)


async def test_of_too_many_views_the_oldest_go(anna: Caller) -> None:
    for number in range(service.MAX_VIEWS + 2):
        await anna.send("PUT", f"{PATH}/views", view(str(number)))

    kept = [one["name"] for one in (await arranged(anna))["views"]]
    assert kept == [str(number) for number in range(2, service.MAX_VIEWS + 2)]


@pytest.mark.parametrize("body", [view(" "), view("x" * 41), view("x", order="?"), view("x", text="y" * 201)])
async def test_what_is_no_view_is_refused(anna: Caller, body: Json) -> None:
    assert problem(await anna.send("PUT", f"{PATH}/views", body))[0] == 422


async def test_each_view_says_how_many_it_has(desk: Desk, anna: Caller) -> None:
    assert (await anna.get("/queue/counts")).json()["counts"] == dict.fromkeys(
        ("open", "mine", "waiting", "second_opinion", "all"), 0
    )
    free, mine, his = [await opened_now(desk, f"A-000000{n}") for n in range(3)]
    await anna.post(f"/cases/{mine}/lease")
    await desk.claim(his, desk.boris)
    assert free

    counts = (await anna.get("/queue/counts")).json()["counts"]

    assert counts == {"open": 1, "mine": 1, "waiting": 0, "second_opinion": 0, "all": 3}
    for name, number in counts.items():
        assert len((await anna.get(f"/queue?view={name}")).json()["items"]) == number
