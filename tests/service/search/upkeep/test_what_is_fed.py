"""Every kind of change of a case is found once it is fed, and nothing else is fed."""

import json
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from bpa_service.cases.asking import service as asking
from bpa_service.cases.asking.schemas import InfoTaskIn
from bpa_service.cases.checklist import service as checking
from bpa_service.cases.checklist.models import CheckOutcome
from bpa_service.cases.findings import service as findings
from bpa_service.cases.holding import service as holding
from bpa_service.cases.talking import service as talking
from bpa_service.experts import service as experts
from bpa_service.experts.domain import Role
from bpa_service.experts.service import PersonChange
from bpa_service.search.documents import FORM, Cases
from service_kit.ids import new_id
from service_kit.search.documents import Name, NameKind, TextField
from service_kit.search.keeping import state as states
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.words import Shot, Verdict
from tests.service.cases.answers import NOTHING_SEEN, amend, answered, decide, dispute, draft, found
from tests.service.cases.conftest import START, Desk, at, photo
from tests.service.cases.preparing import asked
from tests.service.cases.readings.conftest import accept, take_back
from tests.service.search.upkeep.conftest import Keeper
from tests.support.experts import sign_in
from tests.support.statements import statements_sent


@pytest.fixture
async def case_id(desk: Desk) -> UUID:
    return await desk.in_work()


async def test_a_new_case_is_found_by_its_numbers_and_what_is_said_of_it(desk: Desk, keeper: Keeper) -> None:
    case_id = await desk.opened()
    document = await keeper.found(case_id)
    assert document.names == {Name(NameKind.NUMBER, "SAL1A2A40SA606662"), Name(NameKind.CASE, "A0000001")}
    about = document.texts[TextField.ABOUT].split()
    assert {"Land", "Rover", "ленд", "марта", "march", "2026", "queued"} <= set(about)
    assert document.texts[TextField.MESSAGES] == "Are the digits genuine?"
    assert document.at == START
    assert document.facets == {
        "state": {"queued"},
        "make": {"LAND ROVER"},
        "sla": {"open"},
    }


async def test_words_are_found_whoever_says_them(desk: Desk, keeper: Keeper, case_id: UUID) -> None:
    await keeper.catch_up()
    said = cabinet.InspectionMessagePostedV1(
        inspection_id=case_id, message_id=new_id(), text="The seller is from Kazan.", posted_at=at(1)
    )
    await desk.hear(said)
    assert "Kazan" in await keeper.says(case_id, TextField.MESSAGES)
    await desk.do(talking.write_message, case_id, text="Show us the left pillar.", by=desk.anna)
    assert "pillar" in await keeper.says(case_id, TextField.MESSAGES)
    await desk.do(talking.write_note, case_id, text="Seen this grinder before.", by=desk.anna)
    assert "grinder" in await keeper.says(case_id, TextField.NOTES)
    ask = InfoTaskIn(shot=Shot.VIN_PLATE, question="The riveted plate?", place=None, blocking=False)
    task = await desk.do(asking.ask, case_id, ask=ask, by=desk.anna)
    assert "riveted" in await keeper.says(case_id, TextField.MESSAGES)
    await desk.fulfilled(case_id, task.id, at(3))
    assert "Here." in await keeper.says(case_id, TextField.MESSAGES)


async def test_findings_are_found_until_they_are_withdrawn(desk: Desk, keeper: Keeper, case_id: UUID) -> None:
    await keeper.catch_up()
    finding_id = await found(desk, case_id)
    document = await keeper.found(case_id)
    assert "stand lower" in document.texts[TextField.FINDINGS]
    assert document.facets["marking"] == {"vin_stamped"}
    await desk.do(findings.withdraw, case_id, finding_id, reason="A shadow.", by=desk.anna)
    document = await keeper.found(case_id)
    assert TextField.FINDINGS not in document.texts
    assert "marking" not in document.facets


async def test_why_a_check_is_odd_is_found_until_it_is_taken_back(
    desk: Desk, keeper: Keeper, case_id: UUID
) -> None:
    check_id = await asked(desk, required=False)
    await keeper.catch_up()

    async def record(outcome: CheckOutcome | None, reason: str | None = None) -> None:
        await desk.do(checking.record, case_id, check_id, outcome=outcome, reason=reason, by=desk.anna)

    await record(CheckOutcome.ODD, "Overspray at its edge.")
    assert await keeper.says(case_id, TextField.FINDINGS) == "Overspray at its edge."
    await record(None)
    assert TextField.FINDINGS not in (await keeper.found(case_id)).texts

    await record(CheckOutcome.OK)
    await record(None)
    assert (await keeper.state()).waiting == 0, "it says nothing that could be found"


async def test_answers_and_what_becomes_of_them_are_found(desk: Desk, keeper: Keeper) -> None:
    await keeper.catch_up()
    case_id = await answered(desk, desk.vera)
    document = await keeper.found(case_id)
    assert "stamped again" in document.texts[TextField.ANSWER]
    assert document.texts[TextField.PEOPLE] == desk.vera.display_name
    assert {name: document.facets[name] for name in ("verdict", "expert", "sla", "state")} == {
        "verdict": {Verdict.FORGERY_SIGNS},
        "expert": {str(desk.vera.id)},
        "sla": {"in_time"},
        "state": {"answered"},
    }
    await dispute(desk, case_id, 100)
    assert "re-marked" in await keeper.says(case_id, TextField.MESSAGES)
    other = (await sign_in(desk.ports, Role.SENIOR, "sergei")).expert
    await desk.claim(case_id, other, now=at(101))
    await amend(desk, case_id, NOTHING_SEEN, other, now=at(102))
    document = await keeper.found(case_id)
    assert document.facets["verdict"] == {Verdict.INSUFFICIENT_DATA}
    assert "certificate" in document.texts[TextField.ANSWER]
    assert other.display_name in document.texts[TextField.PEOPLE]


async def test_an_answer_that_comes_too_late_is_found_as_such(desk: Desk, keeper: Keeper) -> None:
    case_id = await desk.in_work()
    await keeper.catch_up()
    await desk.tick(at(21))
    assert (await keeper.found(case_id)).facets["sla"] == {"late"}
    await desk.claim(case_id, desk.anna, now=at(22))
    await decide(desk, case_id, draft(await found(desk, case_id)), now=at(23))
    assert (await keeper.found(case_id)).facets["sla"] == {"late"}


async def test_a_number_that_is_read_off_a_photo_is_found_until_it_is_taken_back(
    desk: Desk, keeper: Keeper
) -> None:
    engine = photo().model_copy(update={"shot": Shot.ENGINE_NUMBER})
    case_id = await desk.in_work(evidence=(engine,))
    await keeper.catch_up()
    seen = await accept(desk, case_id, engine, "CAX123456")
    name = Name(NameKind.ENGINE, "CAX123456")
    assert name in (await keeper.found(case_id)).names
    await take_back(desk, case_id, engine, seen=seen)
    assert name not in (await keeper.found(case_id)).names


async def test_of_an_erased_case_nothing_is_found(desk: Desk, keeper: Keeper) -> None:
    case_id = await answered(desk)
    kept_id = await desk.opened("A-0000002")
    await keeper.catch_up()
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=at(5)), at(5))
    await keeper.catch_up()
    assert set(keeper.index.documents) == {kept_id}
    assert "SAL1A2A40SA606662" not in str(keeper.index.kept[1][case_id])


async def test_who_is_called_otherwise_is_found_by_the_new_name(desk: Desk, keeper: Keeper) -> None:
    case_id = await answered(desk, desk.vera)
    other_id = await desk.opened("A-0000002")
    await keeper.catch_up()
    before = keeper.index.writes
    async with keeper.database.writing() as session:
        await experts.change_person(
            session, desk.vera.id, PersonChange(display_name="Vera Novaya"), by=None, now=at(9)
        )
    assert await behind(keeper) > timedelta(), "before anybody knows which cases wait for it"
    assert await keeper.says(case_id, TextField.PEOPLE) == "Vera Novaya"
    assert keeper.index.writes == before + 1
    assert keeper.index.documents[other_id].texts.get(TextField.PEOPLE) is None
    assert await behind(keeper) == timedelta()


async def behind(keeper: Keeper) -> timedelta:
    """For how long something waits, as metrics tell and as whoever searches is told: both or neither say so."""
    async with keeper.database.reading() as session:
        told = await states.behind(session)
    now = await keeper.state()
    assert (now.waiting, now.behind > timedelta()) == (0, told > timedelta())
    return told


async def test_a_heartbeat_and_a_tick_feed_nothing(desk: Desk, keeper: Keeper, case_id: UUID) -> None:
    await keeper.catch_up()
    before = keeper.index.writes
    await desk.beat(case_id, desk.anna, at(0.5))
    await desk.tick(at(1))
    assert (await keeper.state()).waiting == 0
    await keeper.catch_up()
    assert keeper.index.writes == before
    await desk.do(holding.release, case_id, by=desk.anna)
    assert (await keeper.state()).waiting == 1


async def test_one_transaction_raises_a_mark_once(desk: Desk, keeper: Keeper) -> None:
    case_id = await desk.opened()
    versions: list[int] = []
    async with keeper.database.writing() as session:
        for worry in ("one", "two", "three"):
            await session.fetch("UPDATE cases SET worry = $2 WHERE id = $1", case_id, worry)
            [[version]] = await session.fetch("SELECT version FROM search_marks WHERE id = $1", case_id)
            versions.append(version)
    assert len(set(versions)) == 1
    await keeper.run("UPDATE cases SET worry = 'four' WHERE id = $1", case_id)
    async with keeper.database.reading() as session:
        [[version]] = await session.fetch("SELECT version FROM search_marks WHERE id = $1", case_id)
    assert version > versions[0]


async def test_many_documents_take_as_many_statements_as_one(desk: Desk, keeper: Keeper) -> None:
    ids = [await answered(desk, desk.vera), *[await desk.in_work(f"A-000000{one}") for one in range(2, 7)]]
    for case_id in ids[1:]:
        await found(desk, case_id)
    counts: list[int] = []
    for some in (ids[:1], ids):
        async with keeper.database.reading(snapshot=True) as session:
            with statements_sent() as sent:
                made = await Cases().documents(session, dict.fromkeys(some, 1))
        assert {one.id for one in made} == set(some)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 15


async def test_a_document_that_is_made_otherwise_has_another_form(desk: Desk, keeper: Keeper) -> None:
    """Whoever changes what documents are made of raises FORM, and writes the new digest here: or else the index
    stays as it was until each case changes.
    """
    document = await keeper.found(await answered(desk, desk.vera))
    names = sorted((name.kind.value, name.key) for name in document.names)
    facets = sorted((name, sorted(held)) for name, held in document.facets.items() if name != "expert")
    made = json.dumps([names, dict(sorted(document.texts.items())), facets], ensure_ascii=False)
    assert (FORM, sha256(made.encode()).hexdigest()[:16]) == ("bpa 3", "55815257a41749b4")
