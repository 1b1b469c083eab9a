"""What comes before the answer: the checklist, the verdict as it is being written, and whose turn it is."""

from uuid import UUID

import pytest

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.checklist import service as checking
from bpa_service.cases.checklist.models import CheckOutcome
from bpa_service.cases.core import errors
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.completeness import Missing
from bpa_service.cases.drafting.schemas import WritingIn
from bpa_service.cases.holding import service as holding
from bpa_service.cases.holding import service as prioritising
from bpa_service.cases.queue import queries
from bpa_service.experts.domain import Role
from bpa_service.playbook import service as playbook
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.paging import Page
from shared_schemas.words import Shot, Verdict
from tests.service.cases.answers import NOTHING_SEEN
from tests.service.cases.conftest import Desk, at, photo
from tests.service.cases.preparing import asked
from tests.support.experts import sign_in

WRITING = WritingIn(
    verdict=Verdict.DOUBTS, summary="The fourth digit", advice="", not_covered="engine\n", without=()
)


async def decide(desk: Desk, case_id: UUID) -> None:
    version = (await desk.case(case_id)).version
    await desk.do(deciding.decide, case_id, draft=NOTHING_SEEN, by=desk.anna, seen=version)


async def test_no_answer_while_a_required_check_is_open(desk: Desk) -> None:
    check_id = await asked(desk)
    case_id = await desk.in_work()

    with pytest.raises(errors.DecisionIncomplete) as refused:
        await decide(desk, case_id)
    assert refused.value.params["missing"] == [Missing.CHECK_OPEN]

    await desk.do(checking.record, case_id, check_id, outcome=CheckOutcome.IMPOSSIBLE, by=desk.anna)
    await decide(desk, case_id)
    assert "check_recorded" in await desk.trail(case_id)


async def test_a_check_is_asked_where_there_is_a_photo_of_its_kind(desk: Desk) -> None:
    stamped, always = await asked(desk), await asked(desk, None, required=False)
    glass = await asked(desk, Shot.GLASS_MARKS)
    case_id = await desk.in_work()

    full = await desk.full(case_id)
    assert {check.id for check in full.checks} >= {stamped, always}
    assert glass not in {check.id for check in full.checks}
    with pytest.raises(NotFound):
        await desk.do(checking.record, case_id, glass, outcome=CheckOutcome.OK, by=desk.anna)


async def test_an_outcome_is_changed_and_taken_back(desk: Desk) -> None:
    check_id = await asked(desk, required=False)
    case_id = await desk.in_work()

    for outcome in (CheckOutcome.OK, CheckOutcome.ODD):
        await desk.do(checking.record, case_id, check_id, outcome=outcome, by=desk.anna)
        assert (await desk.full(case_id)).check_results[check_id].outcome is outcome
    await desk.do(checking.record, case_id, check_id, outcome=None, by=desk.anna)
    assert check_id not in (await desk.full(case_id)).check_results


async def test_what_is_odd_has_a_reason_until_something_else_is_said(desk: Desk) -> None:
    check_id = await asked(desk)
    case_id = await desk.in_work()

    async def said() -> tuple[CheckOutcome, str | None]:
        result = (await desk.full(case_id)).check_results[check_id]
        return result.outcome, result.reason

    await desk.do(
        checking.record, case_id, check_id, outcome=CheckOutcome.ODD, reason="Fresh paint.", by=desk.anna
    )
    assert await said() == (CheckOutcome.ODD, "Fresh paint.")
    await desk.do(checking.record, case_id, check_id, outcome=CheckOutcome.OK, by=desk.anna)
    assert await said() == (CheckOutcome.OK, None)


async def test_the_rest_on_a_photo_is_fine(desk: Desk) -> None:
    """Only what nobody has said anything of, only on this photo, as one act, and it can be undone."""
    odd, first, second = await asked(desk), await asked(desk), await asked(desk, required=False)
    on_glass, always = await asked(desk, Shot.GLASS_MARKS), await asked(desk, None)
    stamped, glass = photo(), photo().model_copy(update={"shot": Shot.GLASS_MARKS})
    case_id = await desk.in_work(evidence=(stamped, glass))
    await desk.do(checking.record, case_id, odd, outcome=CheckOutcome.ODD, by=desk.anna)
    before = (await desk.case(case_id)).version

    async def outcomes() -> dict[UUID, CheckOutcome]:
        return {one: row.outcome for one, row in (await desk.full(case_id)).check_results.items()}

    rest = await desk.do(checking.record_rest, case_id, stamped.evidence_id, by=desk.anna)

    assert set(rest) == {first, second}
    assert await outcomes() == {odd: CheckOutcome.ODD, first: CheckOutcome.OK, second: CheckOutcome.OK}
    assert (await desk.trail(case_id))[-1] == "checks_recorded"
    assert (await desk.case(case_id)).version == before + 1
    # Once more there is nothing to say, and nothing happens.
    assert await desk.do(checking.record_rest, case_id, stamped.evidence_id, by=desk.anna) == []
    assert (await desk.case(case_id)).version == before + 1
    # What was said since stays when it is undone.
    await desk.do(checking.record, case_id, second, outcome=CheckOutcome.ODD, by=desk.anna)
    back = await desk.do(checking.take_back, case_id, [*rest, odd, on_glass, always], by=desk.anna)
    assert back == [first]
    assert await outcomes() == {odd: CheckOutcome.ODD, second: CheckOutcome.ODD}
    with pytest.raises(errors.UnknownEvidence):
        await desk.do(checking.record_rest, case_id, new_id(), by=desk.anna)


async def test_nobody_takes_back_what_somebody_else_said(desk: Desk) -> None:
    check_id = await asked(desk)
    sent = photo()
    case_id = await desk.in_work(evidence=(sent,))
    await desk.do(checking.record_rest, case_id, sent.evidence_id, by=desk.anna)
    await desk.do(holding.reassign, case_id, to=desk.boris.id, by=desk.lead)

    assert await desk.do(checking.take_back, case_id, [check_id], by=desk.boris) == []
    assert check_id in (await desk.full(case_id)).check_results


async def test_a_retired_check_keeps_nobody_and_stays_where_it_was_answered(desk: Desk) -> None:
    answered, unanswered = await asked(desk), await asked(desk)
    case_id = await desk.in_work()
    await desk.do(checking.record, case_id, answered, outcome=CheckOutcome.OK, by=desk.anna)
    admin = (await sign_in(desk.ports, Role.BPA_ADMIN)).expert
    async with desk.ports.backbone.database.writing() as session:
        for check_id in (answered, unanswered):
            await playbook.retire_check(session, check_id, by=admin, now=desk.now)

    shown = {check.id for check in (await desk.full(case_id)).checks}
    assert answered in shown
    assert unanswered not in shown
    await decide(desk, case_id)


async def test_the_next_expert_inherits_what_was_written(desk: Desk) -> None:
    case_id = await desk.in_work()
    version = (await desk.case(case_id)).version

    await desk.write(case_id, WRITING, desk.anna)
    await desk.do(holding.release, case_id, by=desk.anna)
    await desk.claim(case_id, desk.boris)

    full = await desk.full(case_id)
    assert full.draft is not None
    assert (full.draft.summary, full.draft.author_id) == (WRITING.summary, desk.anna.id)
    assert (await desk.case(case_id)).version == version + 2, "autosave must not undo anybody's If-Match"
    with pytest.raises(errors.CaseHeldByOther):
        await desk.write(case_id, WRITING, desk.anna)


async def test_an_answer_leaves_no_draft(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.write(case_id, WRITING, desk.anna)

    await decide(desk, case_id)

    assert (await desk.full(case_id)).draft is None


async def test_a_late_draft_brings_nothing_back_to_an_answered_case(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.claim(case_id, desk.vera)
    version = (await desk.case(case_id)).version
    await desk.do(deciding.decide, case_id, draft=NOTHING_SEEN, by=desk.vera, seen=version)

    with pytest.raises(errors.DraftOutdated):
        await desk.write(case_id, WRITING, desk.vera)
    assert (await desk.full(case_id)).draft is None

    other = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert
    amending = WRITING.model_copy(update={"reason": "A certificate was shown.", "amends": 1})
    await desk.write(case_id, amending, other)
    draft = (await desk.full(case_id)).draft
    assert draft is not None
    assert (draft.author_id, draft.reason) == (other.id, "A certificate was shown.")
    with pytest.raises(errors.DraftOutdated):
        await desk.write(case_id, amending.model_copy(update={"amends": 2}), other)


async def test_an_urgent_case_comes_first_and_its_clock_stays(desk: Desk) -> None:
    first, second = await desk.opened("A-0000001"), await desk.opened("A-0000002", at=at(5))
    clock = await desk.clock(second)

    await desk.do(prioritising.prioritise, second, urgent=True, by=desk.lead)
    assert await in_queue(desk, first, second) == [second, first]
    assert await desk.clock(second) == clock

    await desk.do(prioritising.prioritise, second, urgent=False, by=desk.lead)
    assert await in_queue(desk, first, second) == [first, second]
    assert (await desk.trail(second)).count("case_prioritised") == 2


async def in_queue(desk: Desk, *wanted: UUID) -> list[UUID]:
    async with desk.ports.backbone.database.reading() as session:
        rows = await queries.queue(session, View.ALL, Page(after=None, limit=100), viewer_id=desk.anna.id)
    return [row.case.id for row in rows if row.case.id in wanted]
