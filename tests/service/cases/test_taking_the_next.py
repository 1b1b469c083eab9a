"""The next case: what is to be worked on before all else, and taken together with the answer to the last one."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from bpa_service.cases.holding import service as holding
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.experts.domain import Expert, Role
from service_kit.db import database_now
from tests.service.cases.caller import Caller, Json, decision, opened_now, problem
from tests.service.cases.conftest import START, Desk, at
from tests.support.experts import sign_in


async def took(desk: Desk, by: Expert, but: UUID | None = None) -> UUID | None:
    taken = await desk.do(holding.take_next, but=but, by=by)
    return taken and taken.case.id


async def test_the_first_that_is_free_or_ones_own_and_waits_for_nobody(desk: Desk) -> None:
    waiting = await desk.in_work("A-0000001")
    await desk.notified(waiting, await desk.ask(waiting), START)
    opinion = await desk.in_work("A-0000002")
    await desk.do(second_opinions.ask, opinion, question="?", by=desk.anna)
    held = await desk.opened("A-0000003")
    await desk.claim(held, desk.boris)
    first = await desk.opened("A-0000004", at=at(0.2), now=at(0.5))
    second = await desk.opened("A-0000005", at=at(0.3), now=at(0.5))

    assert await took(desk, desk.anna) == first
    assert (await desk.case(first)).holder_id == desk.anna.id
    # What one has in hand already comes before what comes later, unless one is done with it.
    assert await took(desk, desk.anna) == first
    assert await took(desk, desk.anna, but=first) == second
    assert await took(desk, desk.vera) is None
    # A lease that has run out is nobody's, whether or not that was recorded.
    desk.now = at(5)
    assert await took(desk, desk.vera) == held
    assert (await desk.trail(held))[-2:] == ["case_lease_lost", "case_claimed"]


async def test_two_who_ask_at_once_get_two_cases(desk: Desk) -> None:
    cases = {await desk.opened(f"A-000000{n}") for n in range(2)}

    got = await asyncio.gather(took(desk, desk.anna), took(desk, desk.boris))

    assert set(got) == cases


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


async def answer(anna: Caller, case_id: UUID, key: str | None = None, **fields: object) -> httpx.Response:
    seen = (await anna.case(case_id))["version"]
    return await anna.post(f"/cases/{case_id}/decision", decision(**fields), seen=seen, key=key)


async def in_hand(desk: Desk, anna: Caller) -> Json:
    async with desk.ports.backbone.database.reading() as session:
        now = await database_now(session)
    assert now > START
    return {row["number"]: row["holder"] for row in (await anna.get("/queue?view=all")).json()["items"]}


async def test_send_and_take_the_next(desk: Desk, anna: Caller) -> None:
    first, second = [await opened_now(desk, f"A-000000{n}") for n in range(2)]
    await anna.post(f"/cases/{first}/lease")
    key, seen = uuid4().hex, (await anna.case(first))["version"]
    body = decision(take_next=True)

    sent = [await anna.post(f"/cases/{first}/decision", body, seen=seen, key=key) for _ in range(2)]

    # Sent twice it is done once, and the answer is the same.
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    following = sent[0].json()["next"]
    assert (following["case_id"], following["number"]) == (str(second), "A-0000001")
    assert await in_hand(desk, anna) == {
        "A-0000001": {"expert_id": str(desk.anna.id), "display_name": "Anna"}
    }
    # There is none behind it.
    last = await answer(anna, second, take_next=True)
    assert (last.status_code, last.json()["next"]) == (201, None)


async def test_an_answer_that_is_refused_takes_nothing(desk: Desk, anna: Caller) -> None:
    first, _ = [await opened_now(desk, f"A-000000{n}") for n in range(2)]
    await anna.post(f"/cases/{first}/lease")

    refused = await answer(anna, first, take_next=True, verdict="clean")

    assert problem(refused) == (409, "decision_incomplete")
    assert (await in_hand(desk, anna))["A-0000001"] is None
    # After a first word the work goes on.
    both = await answer(anna, first, take_next=True, preliminary=True)
    assert both.status_code == 422


async def test_the_next_is_taken_without_an_answer_too(desk: Desk, anna: Caller) -> None:
    """While the answer to the last one can still be taken back."""
    first, second = [await opened_now(desk, f"A-000000{n}") for n in range(2)]
    await anna.post(f"/cases/{first}/lease")

    following = await anna.post("/queue/next", {"but": str(first)})

    assert (following.status_code, following.json()["next"]["case_id"]) == (201, str(second))
    # Taking the answer back gives back what was taken with it, and nothing that was in hand before.
    again = await anna.post("/queue/next", {"but": str(first)})
    assert [following.json()["is_new"], again.json()["is_new"]] == [True, False]
    # The answer then takes none: the one in hand is the next.
    sent = await answer(anna, first, take_next=True)
    assert sent.json()["next"]["case_id"] == str(second)
