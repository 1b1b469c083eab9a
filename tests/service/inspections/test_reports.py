"""Reports that the experts' side made: fetched, checked, kept, and given to whoever sees the inspection."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.models import AuditEntry
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.reports import codes, handlers
from cabinet_service.reports.work import FetchReport
from service_kit.bus import GiveUp, RetryLater
from service_kit.db import database_now
from service_kit.forgetting import forget
from service_kit.http.peer import PeerUnavailable
from shared_schemas.events.bpa_v1 import DecisionAmendedV1, DecisionPreliminaryV1
from shared_schemas.report.content import digest_of
from tests.service.inspections.conftest import Bpa, Case, Json, Person
from tests.service.inspections.reports_of_bpa import Experts, report
from tests.support.delivery import waiting_work


@pytest.fixture
def experts(cabinet_ports: ApiPorts, bpa: Bpa) -> Experts:
    return Experts(cabinet_ports, bpa)


async def listed(client: Person, case: Case) -> list[Json]:
    return (await client.get(f"{case.path}/reports")).json()


async def test_a_report_is_fetched_and_kept_as_it_came(client: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    # Of a newer experts' side: what this one does not know of belongs to the digest all the same.
    body = report(case).body() | {"weather": {"rain": 0.5}}
    report_id = await experts.announce(case, body)
    assert await listed(client, case) == []
    version = (await client.get(case.path)).json()["version"]

    await experts.work()

    [kept] = await experts.kept(case)
    assert (kept.report_id, kept.body) == (report_id, body)
    assert digest_of(kept.body) == kept.sha256
    [told] = await listed(client, case)
    assert told == {
        "version": 1,
        "report_id": str(report_id),
        "sha256": kept.sha256,
        "code": kept.code,
        "made_at": "2026-11-30T12:00:00Z",
        "replaces": None,
        "is_newest": True,
    }
    assert (await client.get(case.path)).json()["version"] == version + 1


async def test_its_digest_stands_in_the_log(client: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    report_id = await experts.announce(case, report(case).body())
    await experts.work()

    [kept] = await experts.kept(case)
    async with experts.ports.backbone.database.reading() as session:
        [entry] = await session.scalars(select(AuditEntry).where(AuditEntry.act == "report_received"))
    assert entry.subject_id == client.account_id
    assert entry.details == {
        "inspection_id": str(case.id),
        "report_id": str(report_id),
        "version": 1,
        "sha256": kept.sha256,
    }


async def test_an_amendment_whose_report_is_on_its_way_replaces_it_already(
    client: Person, case: Case, experts: Experts
) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    await experts.work()
    await case.decide(DecisionAmendedV1, version=2)

    assert [(one["version"], one["is_newest"]) for one in await listed(client, case)] == [(1, False)]
    assert (await client.get(f"{case.path}/reports/1")).json()["is_newest"] is False


async def test_an_amendment_replaces_it(client: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    await case.decide(DecisionAmendedV1, version=2)
    await experts.announce(case, report(case, 2).body())

    await experts.work()

    told = [(one["version"], one["replaces"], one["is_newest"]) for one in await listed(client, case)]
    assert told == [(1, None, False), (2, 1, True)]
    assert len({one["code"] for one in await listed(client, case)}) == 2


async def test_the_experts_side_is_waited_for(case: Case, experts: Experts) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    experts.trouble = PeerUnavailable("away")

    with pytest.raises(RetryLater):
        await experts.work()
    assert await experts.kept(case) == []
    experts.trouble = None
    await experts.work()
    await experts.work()

    assert len(await experts.kept(case)) == 1
    assert experts.asked == 2  # what is there is not fetched again


@pytest.mark.parametrize("flaw", ["changed", "of another", "twice", "gone"])
async def test_what_is_not_what_was_announced_is_not_kept(case: Case, experts: Experts, flaw: str) -> None:
    await case.decide()
    good = report(case).body()
    if flaw == "twice":
        await experts.announce(case, report(case).body())
        await experts.work()
    before = len(await experts.kept(case))
    body = good if flaw != "of another" else good | {"inspection_id": str(uuid4())}
    await experts.announce(case, body, sha256="0" * 64 if flaw == "changed" else None)
    if flaw == "gone":
        experts.bodies.clear()

    with pytest.raises(handlers.ReportGone if flaw == "gone" else GiveUp):
        await experts.work()

    assert len(await experts.kept(case)) == before


async def test_nothing_comes_back_of_an_inspection_that_was_erased(case: Case, experts: Experts) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    async with experts.ports.backbone.database.writing() as session:
        inspection = await Acting(session=session, now=await database_now(session)).lock(case.id)
        forget(inspection)
        inspection.erased_at = inspection.created_at

    await experts.work()  # whether the experts' side still has it
    experts.bodies.clear()
    await experts.work()  # or not
    await experts.announce(case, report(case, 2).body())

    assert await experts.kept(case) == []
    works = [one for one in await waiting_work(experts.ports.backbone) if one.type == FetchReport.TYPE]
    assert len(works) == 1


async def test_a_closed_inspection_gets_its_report_too(client: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    await client.post(f"{case.path}/closure")
    await experts.announce(case, report(case).body())
    await experts.work()

    assert len(await listed(client, case)) == 1
    assert (await client.get(case.path)).json()["state"] == "closed"


async def test_nobody_else_sees_it(stranger: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    await experts.work()

    assert (await stranger.get(f"{case.path}/reports")).status_code == 404


async def test_it_is_read_in_words(client: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    await experts.work()

    russian = await client.get(f"{case.path}/reports/1", language="ru")
    english = (await client.get(f"{case.path}/reports/1")).json()
    seller = (await client.get(f"{case.path}/reports/1", language="ru", reader="seller")).json()

    [kept] = await experts.kept(case)
    told = russian.json()
    assert (told["sha256"], told["code"], told["is_newest"]) == (kept.sha256, kept.code, True)
    assert told["presented"]["masthead"]["verdict"] == "doubts"
    assert (told["presented"]["language"], english["presented"]["language"]) == ("ru", "en")
    assert "Есть сомнения" in json.dumps(english, ensure_ascii=False)
    assert seller["presented"]["reader"] == "seller"
    assert seller["presented"]["sections"] != told["presented"]["sections"]


async def test_who_has_it_is_not_sent_it_again(client: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    await experts.work()
    path = f"{case.path}/reports/1"
    tag = (await client.get(path)).headers["ETag"]

    async def status(path: str) -> int:
        return (await client.send("GET", path, headers={"If-None-Match": tag})).status_code

    assert await status(path) == 304
    assert await status(f"{path}?language=ru") == 200
    await case.decide(DecisionAmendedV1, version=2)
    await experts.announce(case, report(case, 2).body())
    await experts.work()
    assert await status(path) == 200  # it is the newest no more


async def test_an_amendment_shows_what_changed(client: Person, case: Case, experts: Experts) -> None:
    await case.decide()
    await experts.announce(case, report(case).body())
    await case.decide(DecisionAmendedV1, version=2)
    await experts.announce(case, report(case, 2).body())
    await experts.work()

    old, new = [(await client.get(f"{case.path}/reports/{version}")).json() for version in (1, 2)]

    assert (old["is_newest"], old["replaces"], new["is_newest"], new["replaces"]) == (False, None, True, 1)
    assert "changes" not in {section["id"] for section in old["presented"]["sections"]}
    assert "changes" in {section["id"] for section in new["presented"]["sections"]}
    assert "Показано свидетельство" in json.dumps(new, ensure_ascii=False)


async def test_one_that_is_on_its_way_is_told_from_one_that_is_not(
    client: Person, stranger: Person, case: Case
) -> None:
    async def said(version: object, who: Person = client, **query: str) -> tuple[int, str, str | None]:
        answer = await who.send("GET", f"{case.path}/reports/{version}", params=query)
        return answer.status_code, answer.json()["code"], answer.headers.get("Retry-After")

    assert await said(1) == (404, "not_found", None)
    await case.decide(DecisionPreliminaryV1)
    assert await said(1) == (404, "not_found", None)  # a first word has none
    await case.decide(version=2)
    assert await said(2) == (404, "report_not_ready", "5")
    assert await said(3) == (404, "not_found", None)
    assert await said(2, stranger) == (404, "not_found", None)
    assert [(await said(bad))[0] for bad in (0, -1, "x", 2**40)] == [422] * 4
    assert (await said(2, language="de"))[0] == (await said(2, reader="judge"))[0] == 422


def test_codes_can_be_read_aloud_and_not_be_guessed() -> None:
    made = {codes.new_code() for _ in range(1000)}

    assert len(made) == 1000
    assert {len(code) for code in made} == {20}
    assert set("".join(made)) == set(codes.ALPHABET)
    assert len(codes.ALPHABET) == 32
    assert set("ILOU").isdisjoint(codes.ALPHABET)
