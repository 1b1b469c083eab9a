"""The answer: what keeps it back, who gives it, and what it ends."""

import pytest

from bpa_service.cases.asking.models import TaskState
from bpa_service.cases.core import errors
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.completeness import Missing
from bpa_service.cases.deciding.models import DecisionKind
from bpa_service.cases.findings import service as findings
from bpa_service.cases.findings.schemas import FindingIn
from bpa_service.cases.holding import service as holding
from bpa_service.cases.second_opinions import service as second_opinions
from service_kit.http.problems import NotAllowed
from service_kit.ids import new_id
from shared_schemas.clock import reckon
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import (
    DecisionIssuedV1,
    DecisionPreliminaryV1,
    FindingSeverity,
    SecondOpinionGivenV1,
    SecondOpinionRequestedV1,
)
from shared_schemas.words import InspectionState as State
from shared_schemas.words import Verdict
from tests.service.cases.answers import NOTHING_SEEN, REGION, answered, decide, draft, found
from tests.service.cases.conftest import START, Desk, at


async def test_the_answer_ends_the_work_and_stops_the_clock(desk: Desk) -> None:
    case_id = await desk.in_work()
    finding_id = await found(desk, case_id)

    await decide(desk, case_id, draft(finding_id), now=at(1))

    case, clock = await desk.case(case_id), await desk.clock(case_id)
    assert (case.state, case.holder_id, case.next_tick_at) == (State.ANSWERED, None, None)
    assert (clock.stopped_at, reckon(clock, at(50)).used_seconds) == (at(1), 60)
    issued = (await desk.events(case_id))[-1]
    assert isinstance(issued, DecisionIssuedV1)
    assert (issued.clock, issued.decision.decided_at) == (clock, at(1))
    assert (issued.decision.version, issued.decision.verdict) == (1, Verdict.FORGERY_SIGNS)
    [view] = issued.decision.findings
    assert view.finding_id == finding_id
    assert [place.region for place in view.places] == [REGION, None]


async def test_everything_that_keeps_the_answer_back_is_named(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.ask(case_id)
    await desk.do(second_opinions.ask, case_id, question="Genuine?", by=desk.anna)

    with pytest.raises(errors.DecisionIncomplete) as refused:
        await decide(desk, case_id, draft(verdict=Verdict.CLEAN))

    assert refused.value.params["missing"] == [
        Missing.INFO_TASK_OPEN,
        Missing.SECOND_OPINION_OPEN,
        Missing.FINDING_NEEDED,
    ]
    assert await desk.state(case_id) is State.SECOND_OPINION


async def test_no_answer_is_given_while_the_client_is_waited_for(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(1))

    with pytest.raises(errors.DecisionIncomplete):
        await decide(desk, case_id, NOTHING_SEEN)
    await desk.fulfilled(case_id, task_id, at(2))
    await decide(desk, case_id, NOTHING_SEEN)

    assert await desk.state(case_id) is State.ANSWERED


async def test_what_nobody_waits_for_is_withdrawn_with_the_answer(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.ask(case_id, blocking=False)

    await decide(desk, case_id, NOTHING_SEEN)

    [task] = (await desk.full(case_id)).info_tasks
    assert task.state is TaskState.WITHDRAWN
    assert (await desk.names(case_id))[-2:] == ["info_task.withdrawn", "decision.issued"]


async def test_a_first_word_leaves_the_case_in_work(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.ask(case_id)

    said = draft(verdict=Verdict.DOUBTS)
    await desk.do(deciding.decide_preliminary, case_id, draft=said, by=desk.anna, seen=3, now=at(1))

    assert await desk.state(case_id) is State.IN_WORK
    assert (await desk.clock(case_id)).stopped_at is None
    event = (await desk.events(case_id))[-1]
    assert isinstance(event, DecisionPreliminaryV1)
    assert event.decision.summary == said.summary
    [first] = (await desk.full(case_id)).decisions
    assert (first.version, first.kind) == (1, DecisionKind.PRELIMINARY)


async def test_an_answer_after_the_time_was_up_announces_the_breach_too(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.claim(case_id, desk.anna, now=at(21))

    await decide(desk, case_id, NOTHING_SEEN, now=at(22))

    assert (await desk.names(case_id))[-2:] == ["sla.breached", "decision.issued"]
    await desk.tick(at(23))
    assert (await desk.names(case_id)).count("sla.breached") == 1


async def test_a_decision_is_on_the_case_as_it_was_seen(desk: Desk) -> None:
    case_id = await desk.in_work()
    seen = (await desk.case(case_id)).version
    await desk.hear(
        cabinet.InspectionMessagePostedV1(
            inspection_id=case_id, message_id=new_id(), text="Wait, one more thing!", posted_at=START
        )
    )

    with pytest.raises(errors.VersionConflict) as refused:
        await decide(desk, case_id, NOTHING_SEEN, seen=seen)

    assert refused.value.params == {"version": seen + 1, "changed_by": "client"}


async def test_only_the_holder_decides(desk: Desk) -> None:
    case_id = await desk.in_work()

    with pytest.raises(errors.CaseHeldByOther) as refused:
        await decide(desk, case_id, NOTHING_SEEN, desk.vera)
    assert refused.value.params == {"holder": desk.anna.display_name}
    with pytest.raises(NotAllowed):
        await decide(desk, case_id, NOTHING_SEEN, desk.lead)
    await desk.do(holding.release, case_id, by=desk.anna)
    with pytest.raises(errors.CaseNotHeld):
        await decide(desk, case_id, NOTHING_SEEN)


async def test_an_answer_is_given_once(desk: Desk) -> None:
    case_id = await answered(desk)

    with pytest.raises(errors.WrongCaseState) as refused:
        await decide(desk, case_id, NOTHING_SEEN)

    assert refused.value.params == {"state": State.ANSWERED}


async def test_a_second_opinion_comes_from_a_senior_who_did_not_ask(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.do(second_opinions.ask, case_id, question="Genuine?", by=desk.anna, now=at(1))
    assert await desk.state(case_id) is State.SECOND_OPINION
    with pytest.raises(errors.SecondOpinionOpen):
        await desk.do(second_opinions.ask, case_id, question="Well?", by=desk.anna)

    await desk.tick(at(5))  # its holder can do nothing meanwhile, so the lease does not run
    await desk.do(
        second_opinions.answer, case_id, verdict=Verdict.DOUBTS, text="Not the plant's 6.", by=desk.vera
    )

    assert (await desk.case(case_id)).lease_expires_at == at(5) + desk.policy.lease.resume_window
    asked, given = [
        event
        for event in await desk.events(case_id)
        if isinstance(event, SecondOpinionRequestedV1 | SecondOpinionGivenV1)
    ]
    assert (asked.state, given.state) == (State.SECOND_OPINION, State.IN_WORK)
    assert (await desk.clock(case_id)).pauses == ()
    [opinion] = (await desk.full(case_id)).second_opinions
    assert (opinion.answered_by, opinion.verdict) == (desk.vera.id, Verdict.DOUBTS)
    with pytest.raises(errors.SecondOpinionNotAsked):
        await desk.do(second_opinions.withdraw, case_id, by=desk.anna)


async def test_a_senior_does_not_answer_their_own_question(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.claim(case_id, desk.vera)
    await desk.do(second_opinions.ask, case_id, question="Genuine?", by=desk.vera)

    with pytest.raises(errors.OwnSecondOpinion):
        await desk.do(second_opinions.answer, case_id, verdict=Verdict.CLEAN, text="Yes.", by=desk.vera)
    await desk.do(second_opinions.withdraw, case_id, by=desk.vera)

    assert await desk.state(case_id) is State.IN_WORK
    assert (await desk.names(case_id))[-1] == "case.second_opinion_given"


async def test_an_answer_that_no_message_could_carry_is_refused(desk: Desk) -> None:
    case_id = await desk.in_work()
    statement = FindingIn(
        severity=FindingSeverity.ANOMALY, text="🚗" * 2000, places=(), record_ref=None, rule_ref="font-7"
    )
    ids = [(await desk.do(findings.record, case_id, statement=statement, by=desk.anna)).id for _ in range(22)]

    with pytest.raises(errors.DecisionTooLarge):
        await decide(desk, case_id, draft(*ids))
    others = dict.fromkeys(ids[18:], "Too much for one answer.")
    await decide(desk, case_id, draft(*ids[:18], left_out=others))

    assert await desk.state(case_id) is State.ANSWERED
