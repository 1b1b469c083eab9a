"""Anybody does anything at any time: whatever is refused changes nothing, and the whole never falls out of line.

What bpa announces on the way is read by cabinet's own rules, so that the two sides agree on every path.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bpa_service.cases.asking import service as asking
from bpa_service.cases.asking.models import TaskState
from bpa_service.cases.asking.schemas import InfoTaskIn
from bpa_service.cases.core.domain import OPEN, OVER
from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.schemas import DraftIn
from bpa_service.cases.ending import service as ending
from bpa_service.cases.findings import service as findings
from bpa_service.cases.findings.schemas import FindingIn
from bpa_service.cases.holding import service as holding
from bpa_service.cases.incidents import service as incidents
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.cases.talking import service as talking
from bpa_service.cases.viewing.queries import Full
from bpa_service.experts.domain import Expert
from bpa_service.sla.domain import THRESHOLDS
from cabinet_service.inspections.core import domain as mirror
from service_kit.http.problems import Problem
from service_kit.ids import new_id
from shared_schemas.clock import PauseCause, reckon
from shared_schemas.envelope import Event
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import DeclineReason, Verdict
from shared_schemas.words import InspectionState as State
from tests.service.cases.answers import leaving_out
from tests.service.cases.conftest import Desk, submitted

STEPS = 150
NOTHING_SEEN = DraftIn(
    verdict=Verdict.INSUFFICIENT_DATA,
    summary="It cannot be read.",
    advice=None,
    finding_ids=(),
    not_covered=("the number",),
)
SEEN = FindingIn(severity=FindingSeverity.UNUSUAL, text="Hm.", places=(), record_ref=None, rule_ref="font-7")


@dataclass
class Walk:
    """One case after the other, and everything that may happen to them."""

    desk: Desk
    chance: random.Random
    case_id: UUID = field(default_factory=new_id)
    incident: UUID | None = None
    disputes: int = 0

    async def open_next(self) -> None:
        fact = submitted(f"A-{self.chance.randrange(10**7):07}", self.desk.now)
        self.case_id, self.disputes = fact.inspection_id, 0
        await self.desk.hear(fact)

    def somebody(self) -> Expert:
        return self.chance.choice(
            [self.desk.anna, self.desk.anna, self.desk.boris, self.desk.vera, self.desk.lead]
        )

    async def holder(self) -> Expert:
        """Mostly who holds the case, or few acts would be legal."""
        held_by = (await self.desk.case(self.case_id)).holder_id
        known = {person.id: person for person in (self.desk.anna, self.desk.boris, self.desk.vera)}
        return known[held_by] if held_by and self.chance.random() < 0.9 else self.somebody()

    async def task(self) -> UUID:
        tasks = (await self.desk.full(self.case_id)).info_tasks
        return self.chance.choice(tasks).id if tasks else new_id()

    async def nothing_seen(self) -> DraftIn:
        """The answer that it cannot be read, whatever was found."""
        findings = (await self.desk.full(self.case_id)).findings
        return leaving_out(NOTHING_SEEN, {one.id: "Hm." for one in findings})

    async def by_holder(self, verb: Callable[..., Awaitable[Any]], **options: Any) -> None:
        await self.desk.do(verb, self.case_id, by=await self.holder(), **options)

    async def step(self) -> None:  # noqa: C901, PLR0912, PLR0915 - a branch for each act
        """Something happens, or is refused with a Problem."""
        desk, case_id = self.desk, self.case_id
        version = (await desk.case(case_id)).version
        act = self.chance.choice(
            ["claim", "beat", "release", "reassign", "ask", "ask", "notify", "notify", "reply", "reply"]
            + ["decline", "withdraw", "message", "find", "second", "answer", "unsecond", "first", "decide"]
            + ["amend", "dispute", "tick", "tick", "tick", "incident", "pass", "pass"]
            + ["cancel", "give_up", "close", "silence"] * (self.chance.random() < 0.1)
        )
        match act:
            case "claim":
                await desk.claim(case_id, self.somebody())
            case "beat":
                await desk.beat(case_id, await self.holder(), desk.now)
            case "release":
                await self.by_holder(holding.release)
            case "reassign":
                to = self.chance.choice([desk.anna.id, desk.boris.id, desk.lead.id])
                await desk.do(holding.reassign, case_id, to=to, by=desk.lead)
            case "ask":
                ask = InfoTaskIn(shot=None, question="?", place=None, blocking=self.chance.random() < 0.7)
                await self.by_holder(asking.ask, ask=ask)
            case "notify":
                earlier = desk.now - timedelta(seconds=self.chance.randrange(90))
                await desk.notified(case_id, await self.task(), earlier, now=desk.now)
            case "reply":
                earlier = desk.now - timedelta(seconds=self.chance.randrange(90))
                await desk.fulfilled(case_id, await self.task(), earlier, now=desk.now)
            case "decline":
                await desk.hear(
                    cabinet.InfoTaskDeclinedV1(
                        inspection_id=case_id,
                        task_id=await self.task(),
                        reason=DeclineReason.OTHER,
                        note=None,
                        declined_at=desk.now,
                    )
                )
            case "withdraw":
                await desk.do(asking.withdraw, case_id, await self.task(), by=await self.holder())
            case "message":
                await self.by_holder(talking.write_message, text="Hello.")
            case "find":
                await self.by_holder(findings.record, statement=SEEN)
            case "second":
                await self.by_holder(second_opinions.ask, question="?")
            case "answer":
                await desk.do(
                    second_opinions.answer, case_id, verdict=Verdict.DOUBTS, text="No.", by=self.somebody()
                )
            case "unsecond":
                await self.by_holder(second_opinions.withdraw)
            case "first":
                await self.by_holder(deciding.decide_preliminary, draft=NOTHING_SEEN, seen=version)
            case "decide":
                await self.by_holder(deciding.decide, draft=await self.nothing_seen(), seen=version)
            case "amend":
                draft = await self.nothing_seen()
                await self.by_holder(deciding.amend, draft=draft, reason="!", seen=version)
            case "dispute":
                await self.dispute()
            case "tick":
                await desk.tick(desk.now)
            case "incident":
                await self.toggle_incident()
            case "cancel":
                fact = cabinet.InspectionCancelledV1(
                    inspection_id=case_id, reason=None, cancelled_at=desk.now
                )
                await desk.hear(fact)
            case "give_up":
                await self.by_holder(ending.give_up, reason="spam", note=None)
            case "close":
                await desk.hear(cabinet.InspectionClosedV1(inspection_id=case_id, closed_at=desk.now))
            case "silence":
                desk.now += timedelta(hours=49)
            case _:
                desk.now += timedelta(seconds=self.chance.randrange(240))

    async def dispute(self) -> None:
        """Cabinet lets a client dispute an answer only."""
        if await self.desk.state(self.case_id) is State.ANSWERED:
            self.disputes += 1
        fact = cabinet.DisputeOpenedV1(
            inspection_id=self.case_id, dispute_id=new_id(), reason="!", opened_at=self.desk.now
        )
        await self.desk.hear(fact)

    async def toggle_incident(self) -> None:
        desk = self.desk
        if self.incident is None:
            self.incident = (await desk.do(incidents.start, note="!", by=desk.lead)).id
        else:
            await desk.do(incidents.end, self.incident, by=desk.lead)
            self.incident = None


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_the_case_and_its_clock_stay_in_line(desk: Desk, seed: int) -> None:
    walk = Walk(desk, random.Random(seed))
    await walk.open_next()
    done = refused = 0
    for _ in range(STEPS):
        before = await desk.case(walk.case_id)
        try:
            await walk.step()
            done += 1
        except Problem:
            refused += 1
            assert as_dict(await desk.case(walk.case_id)) == as_dict(before)
        full = await desk.full(walk.case_id)
        check_standing(full, walk)
        check_ledger(full, walk)
        if full.case.state in OVER:
            assert full.case.version >= before.version
            await check_mirror(walk)
            await walk.open_next()
    await check_mirror(walk)
    assert min(done, refused) > STEPS / 10  # both happened a good deal


def as_dict(case: Case) -> dict[str, Any]:
    return {column.name: getattr(case, column.name) for column in Case.__table__.columns}


def check_standing(full: Full, walk: Walk) -> None:
    """The state follows from what is the case, and nothing is left behind by a case that has ended."""
    case, clock = full.case, full.ledgers[-1].clock
    waits = any(pause.cause is PauseCause.CLIENT_INFO for pause in clock.open_pauses)
    assert (case.state is State.WAITING_CLIENT) == waits
    assert (case.state in OPEN) == (clock.stopped_at is None) == (case.ended_at is None)
    assert clock.number == case.clock_number == 1 + walk.disputes
    asked = [o for o in full.second_opinions if o.answered_at is None and o.withdrawn_at is None]
    assert [o.asked_by for o in asked] == [case.second_opinion_asked_by] * len(asked)
    if case.state not in OPEN:
        assert (case.holder_id, case.lease_expires_at, case.next_tick_at, asked) == (None, None, None, [])
        assert all(task.state is not TaskState.OPEN for task in full.info_tasks)
    if case.lease_expires_at is not None:
        assert case.state in (State.IN_WORK, State.DISPUTED)
        assert case.next_tick_at is not None
        assert case.next_tick_at <= max(case.lease_expires_at, walk.desk.now)


def check_ledger(full: Full, walk: Walk) -> None:
    """The account adds up, and each threshold of each clock is written once, in order."""
    for ledger in full.ledgers:
        reading = reckon(ledger.clock, walk.desk.now)
        assert reading.used_seconds + reading.paused_seconds == pytest.approx(reading.wall_seconds)
        reached = [entry.percent for entry in ledger.entries if entry.percent is not None]
        assert reached == list(THRESHOLDS[: len(reached)])


async def check_mirror(walk: Walk) -> None:
    """Cabinet, which hears the same events, takes every report for possible and comes to the same state."""
    state, disputes = State.SUBMITTED, walk.disputes
    events = await walk.desk.events(walk.case_id)
    for event in events:
        reported = reported_by(event)
        if reported is State.DISPUTED and state is State.ANSWERED and disputes:
            disputes -= 1
            state = mirror.after_act(state, mirror.Act.DISPUTE)
        if reported is not None:
            state = mirror.after_report(state, reported)
    case = await walk.desk.case(walk.case_id)
    # The client's own acts are known to cabinet before they are to bpa.
    assert state is case.state or case.state in (State.CANCELLED, State.CLOSED)


def reported_by(event: Event) -> State | None:
    if event.TYPE in ("decision.issued", "decision.amended"):
        return State.ANSWERED
    return getattr(event, "state", None)
