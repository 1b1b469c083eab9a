"""Handing over what one has in hand: to somebody on shift or back to the queue, with what was written in it."""

import asyncio
from uuid import UUID

import httpx
import pytest

from bpa_service.cases.talking import queries as talking
from bpa_service.experts.domain import Expert, Role
from bpa_service.shifts import service
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import CaseClaimedV1, CaseReleasedV1, ReleaseCause
from shared_schemas.words import InspectionState
from tests.service.cases.caller import Caller, Json, opened_now, problem
from tests.service.cases.conftest import Desk
from tests.support.experts import sign_in


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


@pytest.fixture
async def lead(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.SHIFT_LEAD, "lena"))


@pytest.fixture
async def held(desk: Desk, anna: Caller) -> UUID:
    """A case that Anna has in hand."""
    case_id = await opened_now(desk, "A-0000001")
    assert (await anna.post(f"/cases/{case_id}/lease")).status_code == 201
    return case_id


async def on_shift(desk: Desk, *who: Expert) -> None:
    async with desk.ports.backbone.database.writing() as session:
        for one in who:
            await service.start(session, by=one, now=await database_now(session))


def given(desk: Desk, to: Expert | None, *, of: Expert | None = None) -> Json:
    holder = of or desk.anna
    return {"holder_id": str(holder.id), "to_id": to and str(to.id), "reason": "End of the shift"}


async def test_it_goes_to_somebody_on_shift_with_all_that_was_written(
    desk: Desk, anna: Caller, held: UUID
) -> None:
    await on_shift(desk, desk.boris)
    await anna.send("PUT", f"/cases/{held}/draft", {"summary": "The fourth digit leans"})

    answer = await anna.post(f"/cases/{held}/handover", given(desk, desk.boris))

    assert answer.status_code == 201, answer.text
    assert answer.json()["expert_id"] == str(desk.boris.id)
    told = await anna.case(held)
    assert told["holder"]["display_name"] == "Boris"
    assert told["draft"]["summary"] == "The fourth digit leans"
    assert (await desk.trail(held))[-1] == "case_handed_over"
    async with desk.ports.backbone.database.reading() as session:
        notes = await talking.notes(session, held)
    assert [(one.text, one.author_id) for one in notes] == [("End of the shift", desk.anna.id)]
    released, claimed = (await desk.events(held))[-2:]
    assert isinstance(released, CaseReleasedV1)
    assert released.cause is ReleaseCause.REASSIGNED
    assert isinstance(claimed, CaseClaimedV1)
    assert claimed.expert.expert_id == desk.boris.id


async def test_it_goes_back_to_the_queue(desk: Desk, anna: Caller, held: UUID) -> None:
    answer = await anna.post(f"/cases/{held}/handover", given(desk, None))

    assert (answer.status_code, answer.json()["expert_id"]) == (201, None)
    assert (await anna.case(held))["state"] == InspectionState.QUEUED
    [*_, released] = await desk.events(held)
    assert isinstance(released, CaseReleasedV1)
    assert released.cause is ReleaseCause.RELEASED


async def test_nobody_is_given_a_case_who_cannot_work_on_it(desk: Desk, anna: Caller, held: UUID) -> None:
    await on_shift(desk, desk.anna)

    async def refused(body: Json) -> tuple[int, str]:
        return problem(await anna.post(f"/cases/{held}/handover", body))

    assert await refused(given(desk, desk.boris)) == (409, "receiver_off_shift")
    assert await refused(given(desk, desk.anna)) == (409, "case_held")
    assert await refused(given(desk, desk.lead)) == (409, "not_an_expert")
    assert await refused(given(desk, desk.boris) | {"to_id": str(new_id())}) == (409, "not_an_expert")
    assert (await refused(given(desk, None) | {"reason": " "}))[0] == 422
    # Nothing of it happened.
    assert (await anna.case(held))["holder"]["display_name"] == "Anna"
    assert "case_handed_over" not in await desk.trail(held)


async def test_who_leads_the_shift_hands_over_what_others_have(
    desk: Desk, anna: Caller, lead: Caller, held: UUID
) -> None:
    await on_shift(desk, desk.boris)
    seen = await lead.get("/shifts/holding", {"of": str(desk.anna.id)})
    assert [one["id"] for one in seen.json()["cases"]] == [str(held)]
    assert [one["expert"]["display_name"] for one in seen.json()["receivers"]] == ["Boris"]

    answer = await lead.post(f"/cases/{held}/handover", given(desk, desk.boris))

    assert (answer.status_code, answer.json()["expert_id"]) == (201, str(desk.boris.id))
    # And Anna can do no more with it.
    late = await anna.post(f"/cases/{held}/handover", given(desk, None))
    assert problem(late) == (409, "case_held_by_other")


async def test_nobody_else_hands_it_over_or_sees_what_others_have(
    desk: Desk, bpa_api: httpx.AsyncClient, held: UUID
) -> None:
    codes: dict[Role, tuple[int, str]] = {}
    for role in (Role.EXPERT, Role.SENIOR, Role.BPA_ADMIN, Role.AUDITOR):
        somebody = Caller(bpa_api, await sign_in(desk.ports, role, f"some-{role}"))
        codes[role] = problem(await somebody.post(f"/cases/{held}/handover", given(desk, None)))
        if role in (Role.EXPERT, Role.SENIOR):
            seen = await somebody.get("/shifts/holding", {"of": str(desk.anna.id)})
            assert problem(seen) == (403, "not_allowed")

    assert codes == {
        Role.EXPERT: (409, "case_held_by_other"),
        Role.SENIOR: (409, "case_held_by_other"),
        Role.BPA_ADMIN: (403, "not_allowed"),
        Role.AUDITOR: (403, "not_allowed"),
    }


async def test_of_two_at_once_one_gives_it(desk: Desk, anna: Caller, lead: Caller, held: UUID) -> None:
    """She gives it back, and the lead gives it to Boris: neither takes it from whom the other gave it to."""
    await on_shift(desk, desk.boris)

    answers = await asyncio.gather(
        anna.post(f"/cases/{held}/handover", given(desk, None)),
        lead.post(f"/cases/{held}/handover", given(desk, desk.boris)),
    )

    assert sorted(one.status_code for one in answers) == [201, 409]
    [refused] = [problem(one)[1] for one in answers if one.status_code == 409]
    assert refused in {"case_not_held", "case_held_by_other"}
    assert (await desk.trail(held)).count("case_handed_over") == 1


async def test_what_was_answered_meanwhile_is_handed_over_by_nobody(
    desk: Desk, anna: Caller, lead: Caller, held: UUID
) -> None:
    await on_shift(desk, desk.boris)
    body = {"verdict": "insufficient_data", "summary": "Nothing.", "not_covered": ["all"]}
    seen = (await anna.case(held))["version"]
    assert (await anna.post(f"/cases/{held}/decision", body, seen=seen)).status_code == 201

    for somebody in (anna, lead):
        answer = await somebody.post(f"/cases/{held}/handover", given(desk, desk.boris))
        assert problem(answer) == (409, "wrong_case_state")
    assert (await anna.get("/shifts/holding")).json()["cases"] == []


async def test_the_same_request_again_is_done_once(desk: Desk, anna: Caller, held: UUID) -> None:
    await on_shift(desk, desk.boris)

    answers = [
        await anna.post(f"/cases/{held}/handover", given(desk, desk.boris), key="handed-over-once")
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (await desk.trail(held)).count("case_handed_over") == 1
