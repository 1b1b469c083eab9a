"""Both services on their databases, with a bus between them that is as late as a test wants it."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

import bpa_service.wiring
import cabinet_service.wiring
from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.cases.asking import service as asking
from bpa_service.cases.asking.schemas import InfoTaskIn
from bpa_service.cases.core.acting import Acting, ExpertActing
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.schemas import DraftIn
from bpa_service.cases.ending import service as ending
from bpa_service.cases.holding import service as holding
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.cases.viewing import queries as case_queries
from bpa_service.cases.viewing.queries import Full
from bpa_service.experts.domain import Expert, Role
from bpa_service.shifts import queries as shifts
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from service_kit.backbone import Backbone
from service_kit.db import database_now
from service_kit.http.problems import Problem
from service_kit.inbox import Handlers
from shared_schemas.words import InspectionState as S
from shared_schemas.words import Verdict
from tests.service.inspections.conftest import Json, Person, Submitted
from tests.support.delivery import announced
from tests.support.experts import sign_in

STEPS = 60
NOTHING_SEEN = DraftIn(
    verdict=Verdict.INSUFFICIENT_DATA,
    summary="It cannot be read.",
    advice=None,
    finding_ids=(),
    not_covered=("the number",),
)
QUESTION = InfoTaskIn(shot=None, question="Since when?", place=None, blocking=False)


@dataclass
class Line:
    """One direction of the bus: what one side announced, delivered to the other when a test says so."""

    sender: Backbone
    receiver: Backbone
    handlers: Handlers
    delivered: int = 0

    async def deliver(self, count: int | None = None) -> int:
        inbox = self.receiver.inbox(self.handlers)
        waiting = (await announced(self.sender))[self.delivered :][:count]
        for envelope in waiting:
            await inbox.receive_in_transaction(self.receiver.database, envelope)
            self.delivered += 1
        return len(waiting)


@dataclass
class Sides:
    """An inspection and its case, and who acts on them."""

    client: Person
    bpa: BpaPorts
    anna: Expert
    vera: Expert
    to_bpa: Line
    to_cabinet: Line
    id: UUID

    async def says(self, what: str, body: Json | None = None) -> int:
        """The client acts; returns the status."""
        return (await self.client.post(f"/inspections/{self.id}/{what}", body)).status_code

    async def cancel(self) -> int:
        return await self.says("cancellation", {})

    async def dispute(self) -> int:
        return await self.says("disputes", {"reason": "It has papers."})

    async def close(self) -> int:
        return await self.says("closure")

    async def desk(self, verb: Callable[..., Awaitable[Any]], by: Expert, **options: Any) -> None:
        """An expert acts, on what is on their screen now."""
        policy = Policy.of(self.bpa.settings)
        async with self.bpa.backbone.database.writing() as session:
            now, seen = await database_now(session), (await session.get_one(Case, self.id)).version
            acting = ExpertActing(session=session, policy=policy, now=now, by=by, seen=seen)
            await verb(acting, self.id, **options)

    async def decide(self) -> None:
        await self.desk(deciding.decide, self.anna, draft=NOTHING_SEEN)

    async def amend(self) -> None:
        await self.desk(deciding.amend, self.vera, draft=NOTHING_SEEN, reason="Looked at it again.")

    async def lose_patience(self) -> None:
        """The client did not reply for too long, if they are waited for."""
        async with self.bpa.backbone.database.writing() as session:
            case = await session.get_one(Case, self.id, lock=True)
            if case.state is S.WAITING_CLIENT:
                policy, now = Policy.of(self.bpa.settings), await database_now(session)
                await ending.expire(Acting(session=session, policy=policy, now=now, by=None), case)

    async def drain(self) -> None:
        while await self.to_bpa.deliver() + await self.to_cabinet.deliver():
            pass

    async def inspection(self) -> Json:
        return await self.client.inspection(str(self.id))

    async def case(self) -> Full:
        async with self.bpa.backbone.database.reading() as session:
            found = await case_queries.full(session, self.id)
        assert found is not None
        return found

    async def end(self) -> S:
        """The state that both sides are in once everything has been delivered."""
        await self.drain()
        inspection, case = await self.inspection(), await self.case()
        assert inspection["state"] == case.case.state
        assert [one["settled_at"] is None for one in inspection["disputes"]] == [
            one.answered_version is one.withdrawn_at is one.given_up_at is None and case.case.disputed
            for one in case.disputes
        ]
        return case.case.state


@pytest.fixture
async def sides(
    client: Person, submitted: Submitted, cabinet_ports: CabinetPorts, bpa_ports: BpaPorts
) -> Sides:
    """An inspection that Anna has in hand, as both sides know."""
    cabinet, bpa = cabinet_ports.backbone, bpa_ports.backbone
    sides = Sides(
        client,
        bpa_ports,
        (await sign_in(bpa_ports, Role.EXPERT, "anna")).expert,
        (await sign_in(bpa_ports, Role.SENIOR, "vera")).expert,
        Line(cabinet, bpa, bpa_service.wiring.event_handlers(bpa_ports)),
        Line(bpa, cabinet, cabinet_service.wiring.event_handlers(cabinet_ports)),
        UUID((await submitted())["id"]),
    )
    await sides.drain()
    await sides.desk(holding.claim, sides.anna)
    await sides.drain()
    return sides


async def test_a_client_who_closes_an_amendment_has_settled_the_dispute_that_it_crossed(sides: Sides) -> None:
    await sides.decide()
    await sides.drain()
    await sides.dispute()
    await sides.amend()
    await sides.to_cabinet.deliver()
    assert await sides.close() == 201

    assert await sides.end() is S.CLOSED
    case = await sides.case()
    assert [(one.disputed_version, one.answered_version) for one in case.disputes] == [(1, 2)]
    assert case.ledgers[-1].clock.stopped_at is not None
    assert (await sides.inspection())["decision"]["version"] == 2


async def test_a_dispute_that_crossed_an_amendment_is_about_the_version_that_the_client_had_seen(
    sides: Sides,
) -> None:
    await sides.decide()
    await sides.drain()
    await sides.dispute()
    await sides.amend()

    assert await sides.end() is S.DISPUTED
    assert [one.disputed_version for one in (await sides.case()).disputes] == [1]
    olga = (await sign_in(sides.bpa, Role.SENIOR, "olga")).expert
    await sides.desk(deciding.amend, olga, draft=NOTHING_SEEN, reason="Read the papers.")
    assert await sides.end() is S.ANSWERED


@pytest.mark.parametrize("heard", [False, True])
async def test_who_cancels_a_dispute_has_the_answer_again(sides: Sides, heard: bool) -> None:
    await sides.decide()
    await sides.drain()
    await sides.dispute()
    if heard:
        await sides.drain()
        await sides.desk(holding.claim, sides.vera)
        await sides.desk(asking.ask, sides.vera, ask=QUESTION)
    assert await sides.cancel() == 201
    assert (await sides.inspection())["state"] == "answered"

    assert await sides.end() is S.ANSWERED
    inspection, case = await sides.inspection(), await sides.case()
    assert (inspection["decision"]["version"], inspection["ended_at"]) == (1, None)
    assert [task["state"] for task in inspection["info_tasks"]] == ["withdrawn"] * heard
    assert case.ledgers[-1].clock.stopped_at is not None
    assert inspection["disputes"][0]["withdrawn_at"] is not None
    assert await sides.dispute() == 201
    assert await sides.end() is S.DISPUTED


async def test_a_dispute_that_the_experts_give_up_leaves_the_answer_and_the_client_is_told_why(
    sides: Sides,
) -> None:
    await sides.decide()
    await sides.drain()
    await sides.dispute()
    await sides.drain()
    await sides.desk(holding.claim, sides.vera)
    await sides.desk(ending.give_up, sides.vera, reason="no_photos", note="Nothing new to look at.")

    assert await sides.end() is S.ANSWERED
    inspection = await sides.inspection()
    assert (inspection["decision"]["version"], inspection["ending"]) == (1, None)
    [dispute] = inspection["disputes"]
    assert dispute["given_up"] == {"reason": "no_photos", "note": "Nothing new to look at."}
    assert {"close", "dispute"} <= set(inspection["acts"])
    timeline = (await sides.client.get(f"/inspections/{sides.id}/timeline")).json()["items"]
    [ended] = [entry for entry in timeline if entry["kind"] == "unprocessable"]
    assert ended["data"] == {"reason": "no_photos", "dispute_id": dispute["id"]}
    told = (await sides.client.get("/notifications")).json()
    assert "unprocessable" in {one["kind"] for one in told}
    assert await sides.dispute() == 201
    assert await sides.end() is S.DISPUTED
    assert [one["given_up"] is None for one in (await sides.inspection())["disputes"]] == [False, True]


async def test_a_dispute_that_is_given_up_on_both_sides_leaves_the_answer(sides: Sides) -> None:
    await sides.decide()
    await sides.drain()
    await sides.dispute()
    await sides.drain()
    await sides.desk(holding.claim, sides.vera)
    await sides.desk(ending.give_up, sides.vera, reason="spam", note=None)
    await sides.cancel()

    assert await sides.end() is S.ANSWERED
    inspection = await sides.inspection()
    assert (inspection["ending"], inspection["disputes"][0]["given_up"]) == (None, None)


@pytest.mark.parametrize("disputing", [False, True])
async def test_a_cancellation_that_crossed_the_answer_is_the_last_word_and_the_answer_stays_readable(
    sides: Sides,
    disputing: bool,
) -> None:
    await sides.decide()
    assert await sides.cancel() == 201
    if disputing:
        await sides.amend()

    assert await sides.end() is S.CANCELLED
    answers = (await sides.client.get(f"/inspections/{sides.id}/decisions")).json()
    assert [answer["version"] for answer in answers] == [1, 2][: 1 + disputing]
    async with sides.bpa.backbone.database.reading() as session:
        since = (await sides.case()).case.opened_at
        work = await shifts.work_of(session, sides.anna.id, since=since, zone=ZoneInfo("UTC"))
        assert sum(day.answers for day in work.days) == 1
    assert await sides.says("messages", {"text": "Hello?"}) == 409


@pytest.mark.parametrize("seed", range(4))
async def test_a_walk_over_both_sides_with_delays_ends_equal(sides: Sides, seed: int) -> None:
    chance = random.Random(seed)
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: sides.desk(holding.claim, sides.anna),
        lambda: sides.desk(holding.claim, sides.vera),
        lambda: sides.desk(second_opinions.ask, sides.anna, question="?"),
        lambda: sides.desk(second_opinions.answer, sides.vera, verdict=Verdict.DOUBTS, text="No."),
        lambda: sides.desk(asking.ask, sides.anna, ask=QUESTION),
        sides.decide,
        sides.amend,
        sides.amend,
        sides.dispute,
        sides.dispute,
        lambda: sides.to_bpa.deliver(1),
        lambda: sides.to_bpa.deliver(1),
        lambda: sides.to_cabinet.deliver(1),
        lambda: sides.to_cabinet.deliver(2),
        sides.to_cabinet.deliver,
    ]
    seldom: list[Callable[[], Awaitable[object]]] = [
        sides.cancel,
        sides.close,
        lambda: sides.desk(ending.give_up, sides.anna, reason="spam", note=None),
        sides.lose_patience,
    ]
    for _ in range(STEPS):
        try:
            await chance.choice(seldom if chance.random() < 0.08 else acts)()
        except Problem:
            continue
    await sides.end()
