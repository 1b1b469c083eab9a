"""The report of an answer: made by the worker, once for each version, and never changed."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete

from bpa_service.audit import queries as audit
from bpa_service.audit.queries import AuditFilter
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.work import MakeReport
from bpa_service.cases.findings import service as findings
from bpa_service.cases.findings.schemas import FindingIn, FindingPatch
from bpa_service.experts.domain import Role
from bpa_service.reports import missing, queries
from bpa_service.reports.models import KeptReport
from bpa_service.wiring import work_handlers
from service_kit.paging import Page
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import FindingSeverity, ReportReadyV1
from shared_schemas.personal import ERASED
from shared_schemas.records import CoverageState
from shared_schemas.report.content import AuthorRole, Report, digest_of
from shared_schemas.report.presenting import present
from tests.service.cases.answers import NOTHING_SEEN, amend, answered, decide, dispute, draft, found
from tests.service.cases.caller import Caller, Json
from tests.service.cases.conftest import Desk, at, photo
from tests.service.search.upkeep.conftest import Keeper
from tests.support.delivery import do_work, waiting_work
from tests.support.experts import sign_in


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


async def worked(desk: Desk) -> list[str]:
    return await do_work(desk.ports.backbone, work_handlers(desk.ports))


async def let_go(desk: Desk) -> None:
    """The index has nothing any more of what was erased; until then the worker waits."""
    await Keeper(desk.ports.backbone).catch_up()


async def kept(desk: Desk, case_id: UUID) -> list[KeptReport]:
    async with desk.ports.backbone.database.reading() as session:
        return list(await queries.of_case(session, case_id))


async def announced(desk: Desk, case_id: UUID) -> list[ReportReadyV1]:
    return [event for event in await desk.events(case_id) if isinstance(event, ReportReadyV1)]


async def test_an_answer_becomes_a_report(desk: Desk) -> None:
    case_id = await answered(desk)
    before = (await desk.case(case_id)).version

    await worked(desk)

    [made] = await kept(desk, case_id)
    report = Report.model_validate(made.body)
    assert (report.number, report.version, report.replaces) == ("A-0000001", 1, None)
    assert (report.inspection_id, report.report_id) == (case_id, made.id)
    assert report.worry == "Are the digits genuine?"
    assert report.author_role is AuthorRole.EXPERT
    assert report.decision is not None
    assert report.decision.expert.display_name == desk.anna.display_name
    assert [one.text for one in report.decision.findings] == ["The last four digits stand lower."]
    [shown] = report.photos
    assert {place.evidence_id for place in report.decision.findings[0].places} == {shown.evidence_id}
    assert report.clock == await desk.clock(case_id)
    assert report.history is not None
    # There is no store here: that is told, and is no silence.
    states = {one.state for block in report.history.blocks for one in block.coverage}
    assert states == {CoverageState.NOT_COVERED}
    # No act: whoever amends has not seen an older version of the case because of it.
    assert (await desk.case(case_id)).version == before


async def test_it_is_announced_with_the_digest_that_the_log_has(desk: Desk) -> None:
    case_id = await answered(desk)
    await worked(desk)

    [made] = await kept(desk, case_id)
    [told] = await announced(desk, case_id)
    async with desk.ports.backbone.database.reading() as session:
        wanted = AuditFilter(case_id=case_id, act="report_made")
        [entry] = await audit.entries(session, wanted, Page(after=None, limit=10))

    text = json.dumps(made.body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert made.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (told.report_id, told.version, told.sha256) == (made.id, 1, made.sha256)
    assert told.made_at == made.made_at
    assert entry.details == {"report_id": str(made.id), "decision_version": 1, "sha256": made.sha256}


async def test_a_first_word_has_none(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.do(deciding.decide_preliminary, case_id, draft=NOTHING_SEEN, by=desk.anna)

    assert await worked(desk) == []
    await decide(desk, case_id, draft(await found(desk, case_id)))
    await worked(desk)

    assert [(one.version, one.body["replaces"]) for one in await kept(desk, case_id)] == [(2, None)]


async def test_a_new_version_replaces_the_one_before_and_says_why(desk: Desk) -> None:
    case_id = await answered(desk)
    await worked(desk)
    [first] = await kept(desk, case_id)

    await amend(desk, case_id, NOTHING_SEEN, desk.vera, now=at(5))
    await worked(desk)

    old, new = await kept(desk, case_id)
    report = Report.model_validate(new.body)
    assert (old.body, old.sha256) == (first.body, first.sha256)
    assert (report.version, report.replaces, report.author_role) == (2, 1, AuthorRole.SENIOR)
    assert report.decision is not None
    assert report.decision.reason == "A certificate was shown."
    assert [one.version for one in await announced(desk, case_id)] == [1, 2]


async def test_each_version_has_the_clock_that_it_stopped(desk: Desk) -> None:
    """However late the worker is: the dispute has a clock of its own by then."""
    case_id = await answered(desk)
    first = await desk.clock(case_id)
    await dispute(desk, case_id, 10)
    await desk.claim(case_id, desk.vera, now=at(11))
    await amend(desk, case_id, NOTHING_SEEN, desk.vera, now=at(12))

    await worked(desk)

    clocks = [Report.model_validate(one.body).clock for one in await kept(desk, case_id)]
    assert clocks == [first, await desk.clock(case_id)]


async def test_photos_that_came_after_the_answer_were_not_looked_at(desk: Desk) -> None:
    case_id = await answered(desk)
    late = photo().model_copy(update={"received_at": at(30)})
    await desk.hear(cabinet.InspectionEvidenceAddedV1(inspection_id=case_id, evidence=late), at(30))

    await worked(desk)

    [made] = await kept(desk, case_id)
    assert len(made.body["photos"]) == 1
    assert made.body["photos"][0]["evidence_id"] != str(late.evidence_id)


async def test_done_again_it_makes_nothing_anew(desk: Desk) -> None:
    case_id = await answered(desk)
    [work] = [one for one in await waiting_work(desk.ports.backbone) if one.type == "bpa.make_report"]
    await worked(desk)
    [first] = await kept(desk, case_id)

    again = work.model_copy(update={"event_id": UUID(int=9)})
    inbox = desk.ports.backbone.inbox(work_handlers(desk.ports))
    await inbox.receive_in_transaction(desk.ports.backbone.database, again)

    assert [one.id for one in await kept(desk, case_id)] == [first.id]
    assert len(await announced(desk, case_id)) == 1


async def test_what_comes_out_of_order_is_made_in_order(desk: Desk) -> None:
    case_id = await answered(desk)
    await amend(desk, case_id, NOTHING_SEEN, desk.vera, now=at(5))
    works = [one for one in await waiting_work(desk.ports.backbone) if one.type == "bpa.make_report"]
    inbox = desk.ports.backbone.inbox(work_handlers(desk.ports))

    for work in reversed(works):
        await inbox.receive_in_transaction(desk.ports.backbone.database, work)

    assert [one.body["replaces"] for one in await kept(desk, case_id)] == [None, 1]
    assert [one.version for one in await announced(desk, case_id)] == [1, 2]


async def test_an_erasure_empties_it_and_leaves_its_digest(desk: Desk, bpa_api: httpx.AsyncClient) -> None:
    case_id = await answered(desk)
    await worked(desk)
    [before] = await kept(desk, case_id)

    await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=at(9)), at(9))

    [after] = await kept(desk, case_id)
    left = json.dumps(after.body)
    assert after.sha256 == before.sha256 != digest_of(after.body)
    for gone in ("SAL1A2A40SA606662", "Are the digits genuine?", "The last four digits", "ab" * 32):
        assert gone not in left
    report = Report.model_validate(after.body)
    assert (report.history, report.claim.identifier) == (None, ERASED)
    assert (await fetched(desk, bpa_api, before.id)).status_code == 404


async def test_of_an_erased_case_none_is_made(desk: Desk) -> None:
    case_id = await answered(desk)
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=at(9)), at(9))
    await let_go(desk)

    await worked(desk)

    assert await kept(desk, case_id) == []
    assert (await desk.names(case_id))[-1] == "case.erased"


async def fetched(desk: Desk, api: httpx.AsyncClient, report_id: UUID) -> httpx.Response:
    target = f"/internal/v1/reports/{report_id}"
    headers = desk.ports.backbone.keys.request_headers("GET", target, b"", datetime.now(UTC))
    return await api.get(target, headers=headers)


async def test_cabinet_gets_it_as_it_was_made(desk: Desk, bpa_api: httpx.AsyncClient) -> None:
    case_id = await answered(desk)
    await worked(desk)
    [made] = await kept(desk, case_id)

    answer = await fetched(desk, bpa_api, made.id)

    assert digest_of(answer.json()) == made.sha256
    assert (await fetched(desk, bpa_api, UUID(int=1))).status_code == 404
    assert (await bpa_api.get(f"/internal/v1/reports/{made.id}")).status_code == 401


async def test_the_desk_sees_which_versions_have_one(desk: Desk, anna: Caller) -> None:
    case_id = await answered(desk)
    assert (await anna.get(f"/cases/{case_id}/reports")).json() == []
    await amend(desk, case_id, NOTHING_SEEN, desk.vera, now=at(5))
    await worked(desk)

    told = (await anna.get(f"/cases/{case_id}/reports")).json()

    assert [(one["version"], one["is_newest"]) for one in told] == [(1, False), (2, True)]
    assert [one["sha256"] for one in told] == [one.sha256 for one in await kept(desk, case_id)]
    assert (await anna.get(f"/cases/{UUID(int=1)}/reports")).status_code == 404


async def test_answers_of_before_there_were_reports_get_theirs(desk: Desk) -> None:
    database = desk.ports.backbone.database
    case_id = await answered(desk)
    await amend(desk, case_id, NOTHING_SEEN, desk.vera, now=at(5))
    other, unanswered = await answered(desk), await desk.in_work("A-3")
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=other, erased_at=at(9)), at(9))
    await let_go(desk)
    async with database.writing() as session:  # as if it had been given by an older release
        outbox = desk.ports.backbone.tables.outbox.table
        await session.execute(delete(outbox).where(outbox.type == MakeReport.TYPE))
    assert await kept(desk, case_id) == []

    assert await missing.have_made(database) == 1
    assert await missing.have_made(database) == 1  # nothing was made meanwhile
    await worked(desk)

    assert [one.version for one in await kept(desk, case_id)] == [1, 2]
    assert await missing.have_made(database) == 0
    assert [one.version for one in await announced(desk, case_id)] == [1, 2]
    assert await kept(desk, unanswered) == await kept(desk, other) == []


async def test_the_expert_sees_what_the_client_would_get(desk: Desk, anna: Caller) -> None:
    case_id = await desk.in_work()
    stated = await found(desk, case_id)
    body = {"verdict": "forgery_signs", "summary": "Stamped <b>again</b>.", "finding_ids": [str(stated)]}

    seen = await anna.post(f"/cases/{case_id}/report/preview", body)

    told = seen.json()
    assert (told["language"], told["reader"], told["version"]) == ("ru", "buyer", 1)
    assert told["masthead"]["verdict"] == "forgery_signs"
    assert "Stamped <b>again</b>." in json.dumps(told)
    assert "The last four digits stand lower." in json.dumps(told)
    assert await kept(desk, case_id) == []
    assert "decision.issued" not in await desk.names(case_id)
    await decide(desk, case_id, draft(stated).model_copy(update={"summary": body["summary"], "advice": None}))
    await worked(desk)
    [made] = await kept(desk, case_id)
    zone = desk.ports.settings.zone_of_reports
    got = present(Report.model_validate(made.body), language="ru", zone=zone).model_dump(mode="json")
    assert [one["id"] for one in got["sections"]] == [one["id"] for one in told["sections"]]
    # Word for word, where there is no time in it: days pass otherwise in this test than in the database.
    by_id = {one["id"]: one for one in got["sections"]}
    for section in told["sections"]:
        if section["id"] in ("found", "seen", "not_covered", "next"):
            assert section == by_id[section["id"]]
    assert got["masthead"]["verdict_text"] == told["masthead"]["verdict_text"]


async def test_what_becomes_a_finding_with_the_answer_is_in_what_is_seen_before(
    desk: Desk, anna: Caller
) -> None:
    case_id = await desk.in_work()
    stated = await found(desk, case_id, severity=FindingSeverity.UNUSUAL)
    [photo_of_it] = (await desk.full(case_id)).evidence
    confirmation = {
        "text": "Nothing was re-stamped.",
        "places": [{"evidence_id": str(photo_of_it.evidence_id)}],
    }
    body = {"verdict": "clean", "summary": "Fine.", "finding_ids": [str(stated)], "not_covered": ["Engine"]}

    before = (
        await anna.post(f"/cases/{case_id}/report/preview", body | {"confirmation": confirmation})
    ).json()

    statement = FindingIn.model_validate({"severity": "confirmed", **confirmation})
    confirmed = await desk.do(findings.record, case_id, statement=statement, by=desk.anna)
    given = body | {"finding_ids": [str(stated), str(confirmed.id)]}
    after = (await anna.post(f"/cases/{case_id}/report/preview", given)).json()
    assert said_of_findings(before) == said_of_findings(after)
    assert "Nothing was re-stamped." in said_of_findings(after)[-1]
    assert await worked(desk) == []


def said_of_findings(told: Json) -> list[str]:
    """All that is said of each finding, without the id that a pending one does not have yet."""
    blocks = [
        block for section in told["sections"] if section["id"] == "found" for block in section["blocks"]
    ]
    return [json.dumps(block | {"finding_id": ""}) for block in blocks]


async def test_of_an_amendment_it_is_seen_what_changes(desk: Desk, anna: Caller) -> None:
    case_id = await answered(desk)
    await worked(desk)
    body = {"verdict": "clean", "summary": "It was re-marked by law.", "reason": "A certificate was shown."}

    told = (await anna.post(f"/cases/{case_id}/report/preview?language=en&reader=seller", body)).json()

    assert (told["version"], told["language"], told["reader"]) == (2, "en", "seller")
    assert "changes" in {section["id"] for section in told["sections"]}
    assert "A certificate was shown." in json.dumps(told)


async def test_what_cannot_be_previewed_is_said(desk: Desk, anna: Caller) -> None:
    case_id = await desk.in_work()
    good: Json = {"verdict": "clean", "summary": "Fine."}
    unknown = good | {"finding_ids": [str(UUID(int=1))]}

    async def said(case: UUID, body: Json, query: str = "") -> tuple[int, str]:
        answer = await anna.post(f"/cases/{case}/report/preview{query}", body)
        return answer.status_code, answer.json()["code"]

    assert await said(UUID(int=1), good) == (404, "not_found")
    assert (await said(case_id, unknown))[1] == "unknown_finding"
    assert (await said(case_id, {}))[0] == 422
    nowhere: Json = good | {"confirmation": {"text": "Fine.", "places": []}}
    elsewhere: Json = good | {
        "confirmation": {"text": "Fine.", "places": [{"evidence_id": str(UUID(int=1))}]}
    }
    assert await said(case_id, nowhere) == (422, "finding_without_evidence")
    assert (await said(case_id, elsewhere))[1] == "unknown_evidence"
    assert (await said(case_id, good, "?language=de"))[0] == 422
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=at(9)), at(9))
    assert (await said(case_id, good))[1] == "case_erased"


async def test_a_finding_in_words_for_the_reader(desk: Desk) -> None:
    case_id = await desk.in_work()
    [shown] = (await desk.full(case_id)).evidence
    statement = FindingIn.model_validate(
        {
            "severity": FindingSeverity.ANOMALY,
            "text": "The last four digits stand lower.",
            "places": [{"evidence_id": shown.evidence_id}],
            "meaning": "The number may have been made anew.",
            "to_do": "Have the car seen by the police before you pay.",
        }
    )
    stated = await desk.do(findings.record, case_id, statement=statement, by=desk.anna)
    await desk.do(findings.explain, case_id, stated.id, explanation="By law.", by=desk.anna)

    changed = await desk.do(
        findings.change,
        case_id,
        stated.id,
        change=FindingPatch(meaning="Look closer.", to_do=""),
        by=desk.anna,
    )
    assert (changed.meaning, changed.to_do, changed.explanation) == ("Look closer.", None, "By law.")
    await decide(desk, case_id, draft(stated.id, await found(desk, case_id)))
    await worked(desk)

    [made] = await kept(desk, case_id)
    [said, _] = made.body["decision"]["findings"]
    assert (said["meaning"], said["to_do"]) == ("Look closer.", None)
    changed = await desk.do(
        findings.change, case_id, stated.id, change=FindingPatch(text="Lower still."), by=desk.vera
    )
    assert (changed.meaning, changed.explanation) == ("Look closer.", None)
