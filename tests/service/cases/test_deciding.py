"""The answer: what it rests on, what keeps it back, and how it is changed later."""

from datetime import datetime
from uuid import UUID

import pytest

from bpa_service.cases import errors
from bpa_service.cases.domain import Missing
from bpa_service.cases.models import DecisionKind, TaskState
from bpa_service.cases.service import asking, deciding, finding, holding, second_opinions
from bpa_service.cases.service.deciding import Draft
from bpa_service.cases.service.finding import Statement, StatementChange
from bpa_service.experts.domain import Expert, Role
from service_kit.http.problems import NotAllowed, NotFound
from service_kit.ids import new_id
from shared_schemas.clock import reckon
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import (
    CaseQueuedV1,
    DecisionAmendedV1,
    DecisionIssuedV1,
    DecisionPreliminaryV1,
    FindingSeverity,
    SecondOpinionGivenV1,
    SecondOpinionRequestedV1,
)
from shared_schemas.evidence import PlaceOnEvidence, Region
from shared_schemas.words import InspectionState as State
from shared_schemas.words import Original, Verdict
from tests.service.cases.conftest import START, Desk, at, photo
from tests.support.experts import sign_in

REGION = Region(x=0.5, y=0.25, width=0.25, height=0.5)


def draft(
    *finding_ids: UUID, verdict: Verdict = Verdict.FORGERY_SIGNS, not_covered: tuple[str, ...] = ()
) -> Draft:
    return Draft(
        verdict=verdict,
        summary="The last digits were stamped again.",
        advice="Do not pay a deposit.",
        finding_ids=finding_ids,
        not_covered=not_covered,
    )


NOTHING_SEEN = draft(verdict=Verdict.INSUFFICIENT_DATA, not_covered=("the stamped number",))


async def found(
    desk: Desk, case_id: UUID, severity: FindingSeverity = FindingSeverity.ANOMALY, by: Expert | None = None
) -> UUID:
    evidence_id = (await desk.full(case_id)).evidence[0].evidence_id
    statement = Statement(
        severity=severity,
        text="The last four digits stand lower.",
        places=(
            PlaceOnEvidence(evidence_id=evidence_id, region=REGION),
            PlaceOnEvidence(evidence_id=evidence_id),
        ),
        record_ref=None,
        rule_ref=None,
    )
    recorded = await desk.do(finding.record, case_id, statement=statement, by=by or desk.anna)
    return recorded.id


async def decide(
    desk: Desk,
    case_id: UUID,
    said: Draft,
    by: Expert | None = None,
    *,
    seen: int | None = None,
    now: datetime | None = None,
) -> int:
    seen = seen or (await desk.case(case_id)).version
    decision = await desk.do(deciding.decide, case_id, draft=said, by=by or desk.anna, seen=seen, now=now)
    return decision.version


async def answered(desk: Desk, by: Expert | None = None) -> UUID:
    by = by or desk.anna
    case_id = await desk.opened()
    await desk.claim(case_id, by)
    await decide(desk, case_id, draft(await found(desk, case_id, by=by)), by, now=at(1))
    return case_id


async def amend(desk: Desk, case_id: UUID, said: Draft, by: Expert, now: datetime | None = None) -> int:
    seen = (await desk.case(case_id)).version
    decision = await desk.do(
        deciding.amend, case_id, draft=said, reason="A certificate was shown.", by=by, seen=seen, now=now
    )
    return decision.version


async def dispute(desk: Desk, case_id: UUID, minute: float) -> None:
    fact = cabinet.DisputeOpenedV1(
        inspection_id=case_id, dispute_id=new_id(), reason="It was re-marked.", opened_at=at(minute)
    )
    await desk.hear(fact, at(minute))


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


async def test_a_decision_keeps_its_findings_as_they_were(desk: Desk) -> None:
    case_id = await answered(desk)
    [kept] = (await desk.full(case_id)).findings

    change = StatementChange(text="On second thoughts …", severity=FindingSeverity.UNUSUAL, places=())
    with pytest.raises(errors.FindingWithoutEvidence):
        await desk.do(finding.change, case_id, kept.id, change=change, by=desk.vera)
    change = StatementChange(text="On second thoughts …", places=(), rule_ref="font-7")
    await desk.do(finding.change, case_id, kept.id, change=change, by=desk.vera)
    full = await desk.full(case_id)
    assert (full.findings[0].text, full.findings[0].places) == ("On second thoughts …", [])
    assert full.decisions[0].findings[0]["text"] == "The last four digits stand lower."
    await desk.do(finding.remove, case_id, kept.id, by=desk.vera)
    full = await desk.full(case_id)
    assert full.findings == []
    assert len(full.decisions[0].findings[0]["places"]) == 2
    with pytest.raises(NotFound):
        await desk.do(finding.remove, case_id, kept.id, by=desk.vera)


async def test_a_finding_rests_on_something_of_the_case(desk: Desk) -> None:
    case_id = await desk.in_work()
    elsewhere = (await desk.full(await desk.opened("A-0000002"))).evidence[0].evidence_id

    def statement(*places: PlaceOnEvidence, **refs: str) -> Statement:
        return Statement(
            severity=FindingSeverity.UNUSUAL,
            text="Hm.",
            places=places,
            record_ref=refs.get("record_ref"),
            rule_ref=refs.get("rule_ref"),
        )

    with pytest.raises(errors.FindingWithoutEvidence):
        await desk.do(finding.record, case_id, statement=statement(), by=desk.anna)
    with pytest.raises(errors.UnknownEvidence):
        there = statement(PlaceOnEvidence(evidence_id=elsewhere), rule_ref="font-7")
        await desk.do(finding.record, case_id, statement=there, by=desk.anna)
    for bound in (statement(record_ref="gibdd:2021-04-01"), statement(rule_ref="font-7")):
        await desk.do(finding.record, case_id, statement=bound, by=desk.anna)
    assert len((await desk.full(case_id)).findings) == 2


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


async def test_only_findings_of_the_case_can_be_used(desk: Desk) -> None:
    case_id = await desk.in_work()
    other = await desk.in_work("A-0000002")
    foreign = await found(desk, other)

    with pytest.raises(errors.UnknownFinding) as refused:
        await decide(desk, case_id, draft(foreign))

    assert refused.value.params == {"finding_ids": [str(foreign)]}


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


async def test_the_author_of_an_answer_does_not_amend_it(desk: Desk) -> None:
    case_id = await answered(desk, desk.vera)
    other_senior = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert

    with pytest.raises(errors.AuthorCannotAmend):
        await amend(desk, case_id, NOTHING_SEEN, desk.vera)
    with pytest.raises(NotAllowed):
        await amend(desk, case_id, NOTHING_SEEN, desk.boris)
    assert await amend(desk, case_id, NOTHING_SEEN, other_senior, now=at(9)) == 2

    clock = await desk.clock(case_id)
    assert clock.stopped_at == at(1)
    event = (await desk.events(case_id))[-1]
    assert isinstance(event, DecisionAmendedV1)
    assert (event.clock, event.decision.decided_at) == (clock, at(9))
    # Now it is the amendment that is amended, and its author is somebody else.
    assert await amend(desk, case_id, NOTHING_SEEN, desk.vera) == 3


async def test_a_dispute_has_a_clock_of_its_own_and_is_answered_by_an_amendment(desk: Desk) -> None:
    case_id = await answered(desk, desk.vera)
    await dispute(desk, case_id, 100)

    assert await desk.state(case_id) is State.DISPUTED
    queued = (await desk.events(case_id))[-1]
    assert isinstance(queued, CaseQueuedV1)
    assert (queued.state, queued.clock.number, queued.clock.started_at) == (State.DISPUTED, 2, at(100))
    await desk.claim(case_id, desk.anna, now=at(101))
    assert await desk.state(case_id) is State.DISPUTED
    with pytest.raises(errors.WrongCaseState):
        await decide(desk, case_id, NOTHING_SEEN)
    await desk.do(holding.release, case_id, by=desk.anna)
    with pytest.raises(errors.AuthorCannotAmend):
        await amend(desk, case_id, NOTHING_SEEN, desk.vera)
    other_senior = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert
    await desk.claim(case_id, other_senior)
    await amend(desk, case_id, NOTHING_SEEN, other_senior, now=at(102))

    full = await desk.full(case_id)
    assert full.case.state is State.ANSWERED
    assert [ledger.clock.stopped_at for ledger in full.ledgers] == [at(1), at(102)]
    [opened] = full.disputes
    assert (opened.disputed_version, opened.answered_version) == (1, 2)
    assert [(d.version, d.kind) for d in full.decisions] == [
        (1, DecisionKind.FINAL),
        (2, DecisionKind.AMENDMENT),
    ]


async def test_a_dispute_can_wait_for_the_client_like_any_other_work(desk: Desk) -> None:
    case_id = await answered(desk)
    await dispute(desk, case_id, 100)
    await desk.claim(case_id, desk.anna)
    task_id = await desk.ask(case_id)

    await desk.notified(case_id, task_id, at(101))
    assert await desk.state(case_id) is State.WAITING_CLIENT
    with pytest.raises(errors.CaseHeldByOther):
        await amend(desk, case_id, NOTHING_SEEN, desk.vera)
    await desk.do(asking.withdraw, case_id, task_id, by=desk.anna, now=at(103))

    assert await desk.state(case_id) is State.DISPUTED
    assert reckon(await desk.clock(case_id), at(104)).used_seconds == 120


async def test_thresholds_of_a_dispute_are_its_own(desk: Desk) -> None:
    case_id = await answered(desk)
    await dispute(desk, case_id, 100)

    await desk.tick(at(110))

    event = (await desk.events(case_id))[-1]
    assert (event.TYPE, event.model_dump()["clock_number"]) == ("sla.at_risk", 2)


async def test_a_senior_adds_what_they_found_to_an_answered_case(desk: Desk) -> None:
    case_id = await answered(desk)
    with pytest.raises(NotAllowed):
        await found(desk, case_id, by=desk.anna)
    finding_id = await found(desk, case_id, FindingSeverity.CONTRADICTION, by=desk.vera)

    await amend(desk, case_id, draft(finding_id), desk.vera)

    assert [f["severity"] for f in (await desk.full(case_id)).decisions[-1].findings] == ["contradiction"]


async def test_an_answer_that_no_message_could_carry_is_refused(desk: Desk) -> None:
    case_id = await desk.in_work()
    statement = Statement(
        severity=FindingSeverity.ANOMALY, text="🚗" * 2000, places=(), record_ref=None, rule_ref="font-7"
    )
    ids = [(await desk.do(finding.record, case_id, statement=statement, by=desk.anna)).id for _ in range(22)]

    with pytest.raises(errors.DecisionTooLarge):
        await decide(desk, case_id, draft(*ids))
    await decide(desk, case_id, draft(*ids[:18]))

    assert await desk.state(case_id) is State.ANSWERED


async def test_no_answer_rests_on_a_copy_whose_original_is_awaited(desk: Desk) -> None:
    copied = photo().model_copy(update={"original": Original.AWAITED, "width": 1600, "height": 1200})
    case_id = await desk.in_work(evidence=(copied,))
    finding_id = await found(desk, case_id)
    await desk.do(deciding.decide_preliminary, case_id, draft=draft(finding_id), by=desk.anna)

    with pytest.raises(errors.DecisionIncomplete) as refused:
        await desk.do(deciding.decide, case_id, draft=draft(finding_id), by=desk.anna)
    assert refused.value.params == {"missing": [Missing.ORIGINAL_AWAITED]}
    came = copied.model_copy(update={"original": Original.HELD, "width": 4000, "height": 3000})
    version = (await desk.case(case_id)).version
    fact = cabinet.InspectionOriginalReceivedV1(inspection_id=case_id, evidence=came, received_at=at(1))
    await desk.hear(fact, at(1))

    assert (await desk.full(case_id)).evidence == [came]
    assert (await desk.case(case_id)).version == version + 1
    decision = await desk.do(deciding.decide, case_id, draft=draft(finding_id), by=desk.anna)
    assert decision.findings[0]["places"][0]["region"] == REGION.model_dump()
