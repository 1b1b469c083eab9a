"""Ways out of a case, in each state that it can be in, and what comes too late for it."""

from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import UUID

import pytest

from bpa_service.cases.asking.models import TaskState
from bpa_service.cases.core import errors
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.schemas import DraftIn
from bpa_service.cases.ending import service as ending
from bpa_service.cases.holding import service as holding
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.cases.talking import service as talking
from bpa_service.experts.domain import Expert
from service_kit.http.problems import NotAllowed
from service_kit.ids import new_id
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import CaseDisputeGivenUpV1, CaseMessagePostedV1, CaseUnprocessableV1
from shared_schemas.words import DeclineReason, Verdict
from shared_schemas.words import InspectionState as State
from tests.service.cases.conftest import Desk, at, photo

Situation = Callable[[Desk], Awaitable[UUID]]
NOTHING_SEEN = DraftIn(
    verdict=Verdict.INSUFFICIENT_DATA,
    summary="The number cannot be read.",
    advice=None,
    finding_ids=(),
    not_covered=("the stamped number",),
)


async def queued(desk: Desk) -> UUID:
    return await desk.opened()


async def in_work(desk: Desk) -> UUID:
    return await desk.in_work()


async def waiting(desk: Desk) -> UUID:
    case_id = await desk.in_work()
    await desk.notified(case_id, await desk.ask(case_id), at(1))
    return case_id


async def in_second_opinion(desk: Desk) -> UUID:
    case_id = await desk.in_work()
    await desk.do(second_opinions.ask, case_id, question="Genuine?", by=desk.anna)
    return case_id


async def disputed(desk: Desk) -> UUID:
    case_id = await answered(desk)
    fact = cabinet.DisputeOpenedV1(inspection_id=case_id, dispute_id=new_id(), reason="No.", opened_at=at(2))
    await desk.hear(fact, at(2))
    return case_id


async def answered(desk: Desk) -> UUID:
    case_id = await desk.in_work()
    await desk.do(deciding.decide, case_id, draft=NOTHING_SEEN, by=desk.anna, seen=2, now=at(1))
    return case_id


async def closed(desk: Desk) -> UUID:
    case_id = await answered(desk)
    await desk.hear(cabinet.InspectionClosedV1(inspection_id=case_id, closed_at=at(3)), at(3))
    return case_id


async def unprocessable(desk: Desk) -> UUID:
    case_id = await desk.in_work()
    await give_up(desk, case_id)
    return case_id


async def expired(desk: Desk) -> UUID:
    case_id = await waiting(desk)
    await desk.tick(at(1) + desk.policy.client_patience)
    return case_id


async def cancel(desk: Desk, case_id: UUID, minute: float = 3) -> None:
    fact = cabinet.InspectionCancelledV1(
        inspection_id=case_id, reason="The car is sold.", cancelled_at=at(minute)
    )
    await desk.hear(fact, max(desk.now, at(minute)))


async def give_up(desk: Desk, case_id: UUID, by: Expert | None = None) -> None:
    await desk.do(ending.give_up, case_id, reason="not_a_vehicle", note="A boat.", by=by or desk.anna)


@pytest.mark.parametrize("situation", [queued, in_work, waiting, in_second_opinion, disputed])
async def test_the_client_may_cancel(desk: Desk, situation: Situation) -> None:
    case_id = await situation(desk)

    await cancel(desk, case_id)

    full = await desk.full(case_id)
    assert (full.case.state, full.case.holder_id, full.case.ended_at) == (State.CANCELLED, None, at(3))
    assert full.ledgers[-1].clock.stopped_at == at(3)
    assert full.ledgers[-1].clock.open_pauses == ()
    assert all(task.state is not TaskState.OPEN for task in full.info_tasks)
    assert all(opinion.withdrawn_at is not None for opinion in full.second_opinions)
    await desk.tick(at(10_000))
    assert await desk.trail(case_id) == [entry for entry in await desk.trail(case_id) if "sla" not in entry]
    with pytest.raises(errors.WrongCaseState):
        await desk.claim(case_id, desk.anna)


@pytest.mark.parametrize("situation", [answered, unprocessable, expired])
async def test_a_cancellation_is_the_last_word_whatever_it_crossed(desk: Desk, situation: Situation) -> None:
    case_id = await situation(desk)
    before = await desk.full(case_id)

    await cancel(desk, case_id)

    after = await desk.full(case_id)
    assert (after.case.state, after.case.ended_at) == (State.CANCELLED, before.case.ended_at)
    assert [ledger.clock for ledger in after.ledgers] == [ledger.clock for ledger in before.ledgers]
    assert [d.version for d in after.decisions] == [d.version for d in before.decisions]
    assert (await desk.trail(case_id))[-1] == "case_cancelled"


@pytest.mark.parametrize("situation", [waiting, in_work])
async def test_what_comes_for_a_case_that_is_over_is_kept_and_changes_nothing(
    desk: Desk, situation: Situation
) -> None:
    case_id = await situation(desk)
    tasks = (await desk.full(case_id)).info_tasks
    await cancel(desk, case_id)
    clock = await desk.clock(case_id)
    names = await desk.names(case_id)

    for task in tasks:
        await desk.notified(case_id, task.id, at(3), now=at(4))
        await desk.fulfilled(case_id, task.id, at(4))
        declined = cabinet.InfoTaskDeclinedV1(
            inspection_id=case_id, task_id=task.id, reason=DeclineReason.OTHER, note=None, declined_at=at(4)
        )
        await desk.hear(declined, at(4))
    await desk.hear(cabinet.InspectionEvidenceAddedV1(inspection_id=case_id, evidence=photo()), at(4))
    message = cabinet.InspectionMessagePostedV1(
        inspection_id=case_id, message_id=new_id(), text="Too late?", posted_at=at(4)
    )
    await desk.hear(message, at(4))
    dispute = cabinet.DisputeOpenedV1(inspection_id=case_id, dispute_id=new_id(), reason="!", opened_at=at(4))
    await desk.hear(dispute, at(4))
    await desk.hear(cabinet.InspectionClosedV1(inspection_id=case_id, closed_at=at(4)), at(4))

    full = await desk.full(case_id)
    assert full.case.state is State.CANCELLED
    assert [ledger.clock for ledger in full.ledgers] == [clock]
    assert (len(full.evidence), [m.text for m in full.messages], len(full.disputes)) == (2, ["Too late?"], 1)
    assert await desk.names(case_id) == names


@pytest.mark.parametrize("situation", [in_work, waiting, in_second_opinion])
async def test_a_case_that_cannot_be_worked_on_is_ended_with_a_reason(
    desk: Desk, situation: Situation
) -> None:
    case_id = await situation(desk)

    await give_up(desk, case_id)

    clock = await desk.clock(case_id)
    assert await desk.state(case_id) is State.UNPROCESSABLE
    assert clock.stopped_at == desk.now
    assert (await desk.events(case_id))[-1] == CaseUnprocessableV1(
        inspection_id=case_id,
        state=State.UNPROCESSABLE,
        reason="not_a_vehicle",
        note="A boat.",
        clock=clock,
        ended_at=desk.now,
    )


async def disputed_in_work(desk: Desk) -> UUID:
    case_id = await disputed(desk)
    await desk.claim(case_id, desk.vera)  # anna gave the answer
    return case_id


async def disputed_and_waiting(desk: Desk) -> UUID:
    case_id = await disputed_in_work(desk)
    await desk.notified(case_id, await desk.ask(case_id, by=desk.vera), at(3))
    return case_id


@pytest.mark.parametrize("cause", [State.UNPROCESSABLE, State.EXPIRED])
async def test_an_answer_stands_when_the_dispute_about_it_ends_without_another(
    desk: Desk, cause: Literal[State.UNPROCESSABLE, State.EXPIRED]
) -> None:
    case_id = await disputed_and_waiting(desk)
    if cause is State.EXPIRED:
        await desk.tick(at(3) + desk.policy.client_patience)
    else:
        await give_up(desk, case_id, by=desk.vera)

    full = await desk.full(case_id)
    [dispute] = full.disputes
    assert (full.case.state, full.case.disputed, full.case.holder_id) == (State.ANSWERED, False, None)
    assert (dispute.given_up_at, dispute.answered_version) == (full.case.ended_at, None)
    assert [decision.version for decision in full.decisions] == [1]
    told = [event for event in await desk.events(case_id) if isinstance(event, CaseDisputeGivenUpV1)]
    reason, note = ("client_silent", None) if cause is State.EXPIRED else ("not_a_vehicle", "A boat.")
    assert full.case.ended_at is not None
    assert told == [
        CaseDisputeGivenUpV1(
            inspection_id=case_id,
            cause=cause,
            dispute_ids=(dispute.id,),
            reason=reason,
            note=note,
            clock=await desk.clock(case_id),
            state=State.ANSWERED,
            settled_at=full.case.ended_at,
        )
    ]
    assert told[0].clock.stopped_at == full.case.ended_at
    assert (await desk.trail(case_id))[-1] == "dispute_given_up"


async def test_a_later_amendment_is_no_reply_to_a_dispute_that_was_given_up(desk: Desk) -> None:
    case_id = await disputed_in_work(desk)
    await give_up(desk, case_id, by=desk.vera)
    await desk.do(
        deciding.amend, case_id, draft=NOTHING_SEEN, reason="Seen again.", by=desk.vera, now=desk.now
    )
    assert [one.answered_version for one in (await desk.full(case_id)).disputes] == [None]


async def test_a_shift_lead_ends_a_case_that_nobody_holds(desk: Desk) -> None:
    case_id = await desk.opened()

    with pytest.raises(errors.CaseNotHeld):
        await give_up(desk, case_id)
    await desk.do(ending.give_up, case_id, reason="spam", note=None, by=desk.lead)

    assert await desk.state(case_id) is State.UNPROCESSABLE


async def test_a_client_who_closes_the_answer_cannot_dispute_it(desk: Desk) -> None:
    case_id = await closed(desk)
    assert await desk.state(case_id) is State.CLOSED

    dispute = cabinet.DisputeOpenedV1(inspection_id=case_id, dispute_id=new_id(), reason="!", opened_at=at(4))
    await desk.hear(dispute, at(4))

    assert await desk.state(case_id) is State.CLOSED


async def test_words_go_both_ways_and_notes_stay_inside(desk: Desk) -> None:
    case_id = await desk.in_work()
    text = "Срочно? \u200fمرحبا 👋"
    message = cabinet.InspectionMessagePostedV1(
        inspection_id=case_id, message_id=new_id(), text=text, posted_at=at(1)
    )
    await desk.hear(message, at(1))
    await desk.do(talking.write_message, case_id, text="A few minutes.", by=desk.anna, now=at(1.4))
    await desk.do(talking.write_message, case_id, text="I am here too.", by=desk.vera, now=at(2))
    await desk.do(talking.write_note, case_id, text="Look at the 6.", by=desk.vera)

    full = await desk.full(case_id)
    assert [m.text for m in full.messages] == [text, "A few minutes.", "I am here too."]
    assert [note.text for note in full.notes] == ["Look at the 6."]
    posted = [event for event in await desk.events(case_id) if isinstance(event, CaseMessagePostedV1)]
    assert [event.text for event in posted] == ["A few minutes.", "I am here too."]
    with pytest.raises(errors.CaseHeldByOther):
        await desk.do(talking.write_note, case_id, text="Me too!", by=desk.boris)
    with pytest.raises(NotAllowed):
        await desk.do(talking.write_message, case_id, text="Hello.", by=desk.lead)


async def test_a_senior_may_note_something_on_a_case_that_is_over(desk: Desk) -> None:
    case_id = await closed(desk)

    await desk.do(talking.write_note, case_id, text="For the reference base.", by=desk.vera)

    with pytest.raises(errors.WrongCaseState):
        await desk.do(talking.write_message, case_id, text="Hello?", by=desk.vera)
    with pytest.raises(errors.WrongCaseState):
        await desk.do(holding.release, case_id, by=desk.anna)
