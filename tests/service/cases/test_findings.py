"""What an answer may rest on: findings, how they are explained, withdrawn and left out."""

import pytest

from bpa_service.audit import queries as audit
from bpa_service.audit.queries import AuditFilter
from bpa_service.cases.core import errors
from bpa_service.cases.core.places import PlaceIn
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.completeness import Missing
from bpa_service.cases.findings import service as findings
from bpa_service.cases.findings.schemas import FindingIn, FindingPatch
from service_kit.http.problems import NotFound
from service_kit.paging import Page
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import (
    DecisionIssuedV1,
    FindingSeverity,
)
from shared_schemas.words import InspectionState as State
from shared_schemas.words import Original, Verdict
from tests.service.cases.answers import NOTHING_SEEN, REGION, answered, decide, draft, found, leaving_out
from tests.service.cases.conftest import Desk, at, photo


async def test_a_decision_keeps_its_findings_as_they_were(desk: Desk) -> None:
    case_id = await answered(desk)
    [kept] = (await desk.full(case_id)).findings

    change = FindingPatch(text="On second thoughts …", places=())
    with pytest.raises(errors.FindingWithoutEvidence):
        await desk.do(findings.change, case_id, kept.id, change=change, by=desk.vera)
    change = FindingPatch(text="On second thoughts …", places=(), rule_ref="font-7")
    await desk.do(findings.change, case_id, kept.id, change=change, by=desk.vera)
    full = await desk.full(case_id)
    assert (full.findings[0].text, full.findings[0].places) == ("On second thoughts …", [])
    assert full.decisions[0].findings[0]["text"] == "The last four digits stand lower."
    await desk.do(findings.withdraw, case_id, kept.id, reason="A reflection.", by=desk.vera)
    full = await desk.full(case_id)
    assert full.findings == []
    assert len(full.decisions[0].findings[0]["places"]) == 2
    with pytest.raises(NotFound):
        await desk.do(findings.withdraw, case_id, kept.id, reason="Again.", by=desk.vera)


async def test_nothing_is_clean_over_a_contradiction_that_is_left_out(desk: Desk) -> None:
    case_id = await desk.in_work()
    confirmed = await found(desk, case_id, FindingSeverity.CONFIRMED)
    contradiction = await found(desk, case_id, FindingSeverity.CONTRADICTION)
    said = draft(confirmed, verdict=Verdict.CLEAN)

    with pytest.raises(errors.DecisionIncomplete) as refused:
        await decide(desk, case_id, said)
    assert refused.value.params["missing"] == [Missing.FINDING_LEFT_OUT, Missing.CONTRADICTION_UNRESOLVED]
    with pytest.raises(errors.DecisionIncomplete) as refused:
        await decide(
            desk,
            case_id,
            draft(confirmed, verdict=Verdict.CLEAN, left_out={contradiction: "It does not matter."}),
        )
    assert refused.value.params["missing"] == [Missing.CONTRADICTION_UNRESOLVED]
    with pytest.raises(errors.DecisionIncomplete):
        await desk.do(deciding.decide_preliminary, case_id, draft=said, by=desk.anna)

    assert await desk.state(case_id) is State.IN_WORK


async def test_a_contradiction_that_is_explained_reaches_the_client_with_its_explanation(desk: Desk) -> None:
    case_id = await desk.in_work()
    confirmed = await found(desk, case_id, FindingSeverity.CONFIRMED)
    contradiction = await found(desk, case_id, FindingSeverity.CONTRADICTION)
    said = draft(confirmed, contradiction, verdict=Verdict.CLEAN)

    await desk.do(
        findings.explain,
        case_id,
        contradiction,
        explanation="Re-marked by law, the certificate is seen.",
        by=desk.anna,
    )
    await desk.do(findings.explain, case_id, contradiction, explanation=None, by=desk.anna)
    with pytest.raises(errors.DecisionIncomplete):
        await decide(desk, case_id, said)
    await desk.do(
        findings.explain,
        case_id,
        contradiction,
        explanation="Re-marked by law, the certificate is seen.",
        by=desk.anna,
    )
    await decide(desk, case_id, said)

    issued = (await desk.events(case_id))[-1]
    assert isinstance(issued, DecisionIssuedV1)
    assert [view.explanation for view in issued.decision.findings] == [
        None,
        "Re-marked by law, the certificate is seen.",
    ]
    assert [act for act in await desk.trail(case_id) if "explained" in act] == [
        "finding_explained",
        "finding_unexplained",
        "finding_explained",
    ]


async def test_what_is_said_anew_is_no_longer_explained(desk: Desk) -> None:
    case_id = await desk.in_work()
    finding_id = await found(desk, case_id, FindingSeverity.CONTRADICTION)
    await desk.do(findings.explain, case_id, finding_id, explanation="By law.", by=desk.anna)

    change = FindingPatch(text="The font is another one, too.")
    await desk.do(findings.change, case_id, finding_id, change=change, by=desk.anna)

    assert (await desk.full(case_id)).findings[0].explanation is None


@pytest.mark.parametrize("severity", [FindingSeverity.CONTRADICTION, FindingSeverity.ANOMALY])
async def test_what_speaks_against_a_car_is_not_taken_back_without_a_word(
    desk: Desk, severity: FindingSeverity
) -> None:
    case_id = await desk.in_work()
    finding_id = await found(desk, case_id, severity)

    with pytest.raises(errors.FindingReasonNeeded):
        await desk.do(findings.withdraw, case_id, finding_id, reason=None, by=desk.anna)
    weaker = FindingPatch(severity=FindingSeverity.UNUSUAL)
    with pytest.raises(errors.FindingReasonNeeded):
        await desk.do(findings.change, case_id, finding_id, change=weaker, by=desk.anna)
    assert [one.severity for one in (await desk.full(case_id)).findings] == [severity]
    await desk.do(findings.withdraw, case_id, finding_id, reason="A reflection.", by=desk.anna)

    full = await desk.full(case_id)
    [kept] = full.withdrawn
    assert (full.findings, kept.withdrawn_because, kept.withdrawn_by) == ([], "A reflection.", desk.anna.id)


async def test_a_finding_that_an_answer_leaves_out_stays_on_record_with_the_reason(desk: Desk) -> None:
    case_id = await desk.in_work()
    rests_on, other = await found(desk, case_id), await found(desk, case_id, FindingSeverity.UNUSUAL)

    with pytest.raises(errors.DecisionIncomplete) as refused:
        await decide(desk, case_id, draft(rests_on))
    assert refused.value.params["missing"] == [Missing.FINDING_LEFT_OUT]
    await decide(desk, case_id, draft(rests_on, left_out={other: "Dirt, it came off."}))

    [decision] = (await desk.full(case_id)).decisions
    assert [(one["finding"]["finding_id"], one["reason"]) for one in decision.left_out] == [
        (str(other), "Dirt, it came off.")
    ]
    async with desk.ports.backbone.database.reading() as session:
        [entry, *_] = await audit.entries(session, AuditFilter(case_id=case_id), Page(after=None, limit=1))
    assert (entry.act, entry.details["left_out"]) == ("decision_issued", [str(other)])


async def test_what_was_withdrawn_is_neither_chosen_nor_left_out(desk: Desk) -> None:
    case_id = await desk.in_work()
    finding_id = await found(desk, case_id)
    await desk.do(findings.withdraw, case_id, finding_id, reason="A reflection.", by=desk.anna)

    with pytest.raises(errors.UnknownFinding):
        await decide(desk, case_id, draft(finding_id))
    with pytest.raises(errors.UnknownFinding):
        await decide(desk, case_id, leaving_out(NOTHING_SEEN, {finding_id: "It is gone."}))
    await decide(desk, case_id, NOTHING_SEEN)


async def test_a_finding_rests_on_something_of_the_case(desk: Desk) -> None:
    case_id = await desk.in_work()
    elsewhere = (await desk.full(await desk.opened("A-0000002"))).evidence[0].evidence_id

    def statement(*places: PlaceIn, **refs: str) -> FindingIn:
        return FindingIn(
            severity=FindingSeverity.UNUSUAL,
            text="Hm.",
            places=places,
            record_ref=refs.get("record_ref"),
            rule_ref=refs.get("rule_ref"),
        )

    with pytest.raises(errors.FindingWithoutEvidence):
        await desk.do(findings.record, case_id, statement=statement(), by=desk.anna)
    with pytest.raises(errors.UnknownEvidence):
        there = statement(PlaceIn(evidence_id=elsewhere), rule_ref="font-7")
        await desk.do(findings.record, case_id, statement=there, by=desk.anna)
    for bound in (statement(record_ref="gibdd:2021-04-01"), statement(rule_ref="font-7")):
        await desk.do(findings.record, case_id, statement=bound, by=desk.anna)
    assert len((await desk.full(case_id)).findings) == 2


async def test_only_findings_of_the_case_can_be_used(desk: Desk) -> None:
    case_id = await desk.in_work()
    other = await desk.in_work("A-0000002")
    foreign = await found(desk, other)

    with pytest.raises(errors.UnknownFinding) as refused:
        await decide(desk, case_id, draft(foreign))

    assert refused.value.params == {"finding_ids": [str(foreign)]}


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
