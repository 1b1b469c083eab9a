"""An answer that is looked at again: disputes, amendments, and what is found afterwards."""

import pytest

from bpa_service.cases.asking import service as asking
from bpa_service.cases.core import errors
from bpa_service.cases.deciding.models import DecisionKind
from bpa_service.cases.holding import service as holding
from bpa_service.experts.domain import Role
from service_kit.http.problems import NotAllowed
from shared_schemas.clock import reckon
from shared_schemas.events.bpa_v1 import (
    CaseQueuedV1,
    DecisionAmendedV1,
    FindingSeverity,
)
from shared_schemas.words import InspectionState as State
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
