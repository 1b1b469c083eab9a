"""An answer that is looked at again: disputes, amendments, and what is found afterwards."""

import pytest

from bpa_service.cases.asking import service as asking
from bpa_service.cases.core import errors
from bpa_service.cases.deciding.models import DecisionKind
from bpa_service.cases.disputes.schemas import DisputeOut
from bpa_service.cases.holding import service as holding
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.experts.domain import Role
from service_kit.http.problems import NotAllowed
from shared_schemas.clock import reckon
from shared_schemas.events.bpa_v1 import (
    CaseQueuedV1,
    DecisionAmendedV1,
    FindingSeverity,
)
from shared_schemas.words import InspectionState as State
from shared_schemas.words import Verdict
from tests.service.cases.answers import NOTHING_SEEN, amend, answered, decide, dispute, draft, found
from tests.service.cases.conftest import Desk, at
from tests.support.experts import sign_in


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
    other_senior = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert
    await desk.claim(case_id, other_senior, now=at(101))
    assert await desk.state(case_id) is State.DISPUTED
    with pytest.raises(errors.WrongCaseState):
        await decide(desk, case_id, NOTHING_SEEN, other_senior)
    with pytest.raises(errors.AuthorCannotAmend):
        await amend(desk, case_id, NOTHING_SEEN, desk.vera)
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
    await desk.claim(case_id, desk.vera)
    task_id = await desk.ask(case_id, by=desk.vera)
    sergei = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert

    await desk.notified(case_id, task_id, at(101))
    assert await desk.state(case_id) is State.WAITING_CLIENT
    with pytest.raises(errors.CaseHeldByOther):
        await amend(desk, case_id, NOTHING_SEEN, sergei)
    await desk.do(asking.withdraw, case_id, task_id, by=desk.vera, now=at(103))

    assert await desk.state(case_id) is State.DISPUTED
    assert reckon(await desk.clock(case_id), at(104)).used_seconds == 120


async def test_the_desk_sees_what_is_disputed(desk: Desk) -> None:
    case_id = await answered(desk)
    full = await desk.full(case_id)
    doubted, shown = full.findings[0].id, full.evidence[0].evidence_id

    await dispute(desk, case_id, 100, finding_ids=(doubted,), evidence_ids=(shown,))

    [opened] = (await desk.full(case_id)).disputes
    told = DisputeOut.of(opened)
    assert (told.finding_ids, told.evidence_ids, told.disputed_version) == ([doubted], [shown], 1)


async def test_the_author_is_not_given_a_dispute_of_their_answer(desk: Desk) -> None:
    case_id = await answered(desk, desk.vera)
    await dispute(desk, case_id, 100)
    desk.now = at(101)
    lead = (await sign_in(desk.ports, Role.SHIFT_LEAD, "lena")).expert

    with pytest.raises(errors.OwnAnswerDisputed):
        await desk.claim(case_id, desk.vera)
    assert await desk.do(holding.take_next, but=None, by=desk.vera) is None
    with pytest.raises(errors.ReceiverGaveAnswer):
        await desk.do(holding.reassign, case_id, to=desk.vera.id, by=lead)
    sergei = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert
    taken = await desk.do(holding.take_next, but=None, by=sergei)
    assert taken is not None
    assert taken.case.id == case_id
    with pytest.raises(errors.ReceiverGaveAnswer):
        await desk.do(
            holding.hand_over, case_id, holder_id=sergei.id, to=desk.vera.id, reason="Hers", by=sergei
        )
    # Once it is answered anew, a dispute of that is theirs like anybody else's.
    await amend(desk, case_id, NOTHING_SEEN, sergei, now=at(102))
    await dispute(desk, case_id, 103)
    await desk.claim(case_id, desk.vera, now=at(104))
    assert (await desk.case(case_id)).holder_id == desk.vera.id


async def test_a_dispute_is_no_plain_experts(desk: Desk) -> None:
    case_id = await answered(desk)
    await dispute(desk, case_id, 100)
    desk.now = at(101)

    with pytest.raises(errors.DisputeOfSeniors):
        await desk.claim(case_id, desk.boris)
    assert await desk.do(holding.take_next, but=None, by=desk.boris) is None
    with pytest.raises(errors.ReceiverMayNotAmend):
        await desk.do(holding.reassign, case_id, to=desk.boris.id, by=desk.lead)
    taken = await desk.do(holding.take_next, but=None, by=desk.vera)
    assert taken is not None
    assert taken.case.id == case_id
    with pytest.raises(errors.ReceiverMayNotAmend):
        await desk.do(
            holding.hand_over, case_id, holder_id=desk.vera.id, to=desk.boris.id, reason="Yours", by=desk.vera
        )
    assert (await desk.case(case_id)).holder_id == desk.vera.id


async def test_the_author_settles_no_dispute_by_the_second_opinion(desk: Desk) -> None:
    case_id = await answered(desk, desk.vera)
    await dispute(desk, case_id, 100)
    sergei = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert
    await desk.claim(case_id, sergei, now=at(101))
    task_id = await desk.ask(case_id, by=sergei)
    await desk.do(second_opinions.ask, case_id, question="Papers?", by=sergei)

    with pytest.raises(errors.OwnAnswerDisputed):
        await desk.do(
            second_opinions.answer, case_id, verdict=Verdict.FORGERY_SIGNS, text="As I said.", by=desk.vera
        )
    with pytest.raises(errors.OwnAnswerDisputed):
        await desk.do(asking.withdraw, case_id, task_id, by=desk.vera)


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
