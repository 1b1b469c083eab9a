"""Fifty experts want the same cases at once: each case has one holder at a time, and the others learn who."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.ticking import ticker
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from service_kit.chores import Chore, repeat
from service_kit.db import database_now
from shared_schemas.events.bpa_v1 import CaseClaimedV1, CaseReleasedV1, ReleaseCause
from tests.service.cases.conftest import Desk, submitted
from tests.support.api import running
from tests.support.experts import SignedInExpert, sign_in

EXPERTS: Final = 50
CASES: Final = 200
RIVALS: Final = 6  # so many want each case at the same moment
LEASE_SECONDS: Final = 1
Json = dict[str, Any]


async def test_of_all_who_claim_a_case_at_once_one_holds_it(
    desk: Desk, bpa_settings: Settings, bpa_ports: ApiPorts
) -> None:
    dice = Random(3)
    settings = bpa_settings.model_copy(update={"lease_seconds": LEASE_SECONDS})
    tick = partial(ticker.tick, policy=Policy.of(settings))
    chore = Chore("cases_ticked", timedelta(seconds=0.2), tick)
    people = [await sign_in(bpa_ports, Role.EXPERT, f"expert-{number}") for number in range(EXPERTS)]
    cases = [await _arrived(desk, f"A-{number:07}") for number in range(CASES)]
    answers: Counter[tuple[int, str]] = Counter()
    names = {person.expert.display_name for person in people}

    async def note(answer: httpx.Response) -> int:
        problem: Json = answer.json() if answer.is_error else {}
        answers[answer.status_code, problem.get("code", "")] += 1
        if problem.get("code") == "case_held":
            assert problem["params"]["holder"] in names
        return answer.status_code

    async def want(api: httpx.AsyncClient, person: SignedInExpert, case_id: UUID, then: str) -> None:
        headers = person.headers | {"Idempotency-Key": uuid4().hex}
        path = f"/api/v1/cases/{case_id}/lease"
        if await note(await api.post(path, headers=headers)) == 201 and then != "lapses":
            if then == "keeps":
                await note(await api.put(path, headers=person.headers))
            await note(await api.delete(path, headers=person.headers))

    async with running(create_app(settings)) as api:
        ticking = asyncio.create_task(repeat(bpa_ports.backbone.database, chore))
        for start in range(0, CASES, EXPERTS // RIVALS):
            wave = cases[start : start + EXPERTS // RIVALS]
            rivals = iter(dice.sample(people, EXPERTS))
            await asyncio.gather(
                *(
                    want(api, next(rivals), case_id, dice.choice(("releases", "keeps", "lapses")))
                    for case_id in wave
                    for _ in range(RIVALS)
                )
            )
        ticking.cancel()

    # On a busy machine some wait too long for the database: they are told so, and have changed nothing.
    odd = {answer for answer in answers if answer[0] not in {200, 201, 204, 409}}
    assert odd <= {(503, "temporarily_unavailable")}, answers
    assert answers[409, "case_held"] > CASES
    endings = [await _assert_one_holder_at_a_time(desk, case_id) for case_id in cases]
    assert {cause for causes in endings for cause in causes} == {
        ReleaseCause.RELEASED,
        ReleaseCause.LEASE_LOST,
    }


async def _assert_one_holder_at_a_time(desk: Desk, case_id: UUID) -> list[ReleaseCause]:
    """By its events, which are numbered under its lock, and the times in them. Returns how holds ended."""
    held = [fact for fact in await desk.events(case_id) if isinstance(fact, CaseClaimedV1 | CaseReleasedV1)]
    assert held, "nobody got the case"
    assert isinstance(held[0], CaseClaimedV1)
    for earlier, later in pairwise(held):
        assert type(earlier) is not type(later), held
        assert _at(earlier) <= _at(later), held
    return [fact.cause for fact in held if isinstance(fact, CaseReleasedV1)]


def _at(fact: CaseClaimedV1 | CaseReleasedV1) -> datetime:
    return fact.claimed_at if isinstance(fact, CaseClaimedV1) else fact.released_at


async def _arrived(desk: Desk, number: str) -> UUID:
    async with desk.ports.backbone.database.reading() as session:
        now = await database_now(session)
    fact = submitted(number, now)
    await desk.hear(fact, now)
    return fact.inspection_id
