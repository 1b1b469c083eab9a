"""Being forgotten: nothing of a client is left anywhere in both services, and everything of everybody else is."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import func, select, update

from bpa_service.cases.core.models import Case
from cabinet_service.accounts.domain import Role
from cabinet_service.accounts.models import SignInSession
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.photos.models import Evidence
from cabinet_service.privacy import erasing
from cabinet_service.privacy import ledger as ledgers
from cabinet_service.privacy.ledger import Ledger
from cabinet_service.privacy.models import Erasure, InspectionErasure
from service_kit import audit_chain
from service_kit.bus import RetryLater
from service_kit.db import Database, database_now
from service_kit.inbox import Outcome
from shared_schemas.envelope import Envelope
from shared_schemas.events import BPA_EVENTS, CABINET_EVENTS
from shared_schemas.events.bpa_v1 import CaseMessagePostedV1, ExpertRef
from shared_schemas.words import InspectionState
from tests.factories.photos import jpeg
from tests.service.privacy.conftest import Crowd, Marked, Stores, envelope
from tests.support import clients
from tests.support.both_services import BothServices
from tests.support.delivery import announced

log = structlog.get_logger(__name__)

# `make erasures` sets it to 1,000.
NOW: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOW_MANY = int(os.environ.get("AUTODETECTIVE_TEST_ERASURES", "5"))


async def erase(client: Marked) -> None:
    answer = await client.person.post("/me/erasure")
    assert answer.status_code == 202, answer.text


async def erasure_of(services: BothServices, client: Marked) -> Erasure:
    async with services.cabinet.backbone.database.reading() as session:
        found = await session.get(Erasure, client.person.account_id)
    assert found is not None
    return found


async def test_nothing_is_left_of_who_wanted_to_be_forgotten(
    services: BothServices, crowd: Crowd, stores: Stores
) -> None:
    leaving = [await crowd.client() for _ in range(HOW_MANY)]
    staying = await crowd.client()
    words = {word for client in leaving for word in client.words}
    await services.keep_indexes()
    before = await stores.holding(words)
    # Or the search would find nothing for not looking: everything that a client wrote is somewhere.
    tables = {place.split(":")[0] for place in before}
    assert tables >= {
        *("account_contacts", "accounts", "inspections", "messages", "info_tasks", "decisions", "disputes"),
        *("outbox", "parked_events", "queued_messages", "dead_letters", "idempotency_keys", "cases", "notes"),
        "report_shares",
        *("findings", "reports", "second_opinions", "sign_in_challenges", "timeline_entries", "file"),
        "search_index_documents",
        *("ratings", "outcomes"),
    }
    of_others = await stores.holding(staying.words)
    assert (await leaving[0].person.post("/exports")).status_code == 201
    await services.settle()
    files = services.cabinet.settings.files_dir
    assert len(list(files.rglob("exports/*/*"))) == 1  # packed, so the search cannot look into it

    for client in leaving:
        await erase(client)
    await services.settle()

    assert await stores.holding(words) == []
    assert await stores.holding(staying.words) == of_others
    assert (await staying.person.inspection(str(staying.inspection_ids[2])))["state"] == "in_work"
    for client in leaving:
        assert (await erasure_of(services, client)).completed_at is not None
    async with services.cabinet.backbone.database.reading() as session:
        confirmed = InspectionErasure.confirmed_at.is_not(None)
        parts = await session.scalar(select(func.count()).select_from(InspectionErasure).where(confirmed))
        unknown = select(func.count()).select_from(Evidence).where(Evidence.deleted_at.is_(None))
        photos = await session.scalar(unknown)
    assert parts == 4 * HOW_MANY
    assert photos == len(list(files.rglob("originals/*/*"))) == 4
    assert list(files.rglob("exports/*/*")) == []
    log.info("erased", clients=HOW_MANY, traces_before=len(before), traces_after=0, of_others=len(of_others))


async def test_what_stays_says_what_happened_and_the_log_can_be_read(
    services: BothServices, crowd: Crowd
) -> None:
    client = await crowd.client()
    await erase(client)
    await services.settle()
    async with services.cabinet.backbone.database.reading() as session:
        rows = (await session.scalars(select(Inspection).order_by(Inspection.created_at))).all()
    # One was disputed: that is taken back, and it stays answered.
    cancelled, answered = InspectionState.CANCELLED, InspectionState.ANSWERED
    assert sorted(row.state for row in rows) == [answered, *[cancelled] * 3]
    assert all(row.number and row.erased_at and not row.shot_answers for row in rows)
    async with services.bpa.backbone.database.reading() as session:
        cases = (await session.scalars(select(Case))).all()
    assert len(cases) == 3
    assert sorted(case.state for case in cases) == [answered, *[cancelled] * 2]
    assert all(case.erased_at and not case.shot_answers for case in cases)
    for ports, acts in (
        (services.cabinet, {"erasure_requested": 1, "erasure_completed": 1}),
        (services.bpa, {"case_erased": 3}),
    ):
        log = ports.backbone.audit_log
        async with ports.backbone.database.reading() as session:
            assert (await audit_chain.verify(session, log)).position > 0
            for act, times in acts.items():
                assert await session.scalar(select(func.count()).where(log.act == act)) == times
    known = {event.TYPE: event for event in (*CABINET_EVENTS, *BPA_EVENTS)}
    for ports in (services.cabinet, services.bpa):
        log = await announced(ports.backbone)
        assert [known[one.type].model_validate(one.data) for one in log]
        last = {one.aggregate_id: one.type for one in log}
        of_cabinet = ports is services.cabinet
        assert set(last.values()) == (
            {"inspection.erased", "history.erased"} if of_cabinet else {"case.erased", "history.forgotten"}
        )


async def test_who_comes_back_is_a_stranger(services: BothServices, crowd: Crowd) -> None:
    client = await crowd.client()
    other_device = await crowd.sign_in(client.contact)
    await erase(client)
    for device in (client.person, other_device):
        assert (await device.get("/me")).status_code == 401
    back = await crowd.sign_in(client.contact)
    assert back.account_id != client.person.account_id
    assert (await back.get("/inspections")).json()["items"] == []
    await services.settle()
    assert (await back.get("/me")).json()["contacts"][0]["value"] == client.contact


async def test_a_session_that_is_not_new_is_not_enough(services: BothServices, crowd: Crowd) -> None:
    person = await crowd.sign_in("client@example.com")
    async with services.cabinet.backbone.database.writing() as session:
        earlier = SignInSession.created_at - timedelta(minutes=11)
        await session.execute(update(SignInSession).values(created_at=earlier))
    refused = await person.post("/me/erasure")
    assert refused.status_code == 403
    assert refused.json()["code"] == "sign_in_again"
    assert (await person.get("/me")).status_code == 200


async def test_an_erasure_that_is_interrupted_goes_on(
    services: BothServices, crowd: Crowd, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await crowd.client()
    await erase(client)
    delete, calls = services.cabinet.files.delete, 0

    async def deletes_one_and_dies(key: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError("the process ends here")
        await delete(key)

    monkeypatch.setattr(services.cabinet.files, "delete", deletes_one_and_dies)
    with pytest.raises(OSError, match="ends here"):
        await services.settle()
    assert (await erasure_of(services, client)).completed_at is None
    await services.settle()
    assert (await erasure_of(services, client)).completed_at is not None
    assert await stores.holding(client.words) == []


async def audited(services: BothServices, act: str) -> int:
    """How often an act stands in the log of the service that does it."""
    ports = services.bpa if act == "case_erased" else services.cabinet
    log = ports.backbone.audit_log
    async with ports.backbone.database.reading() as session:
        return await session.scalar(select(func.count()).where(log.act == act)) or 0


async def confirmed(services: BothServices) -> int:
    """How often the experts' side has told that a case is erased."""
    return sum(one.type == "case.erased" for one in await announced(services.bpa.backbone))


@pytest.mark.parametrize("away", [0, 1], ids=["cabinet's index", "the index of the experts' side"])
async def test_it_is_not_confirmed_while_the_index_may_hold_the_erased(
    services: BothServices, crowd: Crowd, stores: Stores, away: int
) -> None:
    client = await crowd.client()
    await services.keep_indexes()
    side = services.sides[away]
    upkeep, side.upkeep = side.upkeep, None
    await erase(client)
    for _ in range(2):
        with pytest.raises(RetryLater, match="search index"):
            await services.settle()
        # All but the index is erased at once.
        assert {one.split(":")[0] for one in await stores.holding(client.words)} == {"search_index_documents"}
        assert await audited(services, "case_erased") == 3
        assert await confirmed(services) == (0 if side is services.sides[1] else 3)
        assert (await erasure_of(services, client)).completed_at is None
    side.upkeep = upkeep
    await services.settle()
    assert await stores.holding(client.words) == []
    assert (await erasure_of(services, client)).completed_at is not None
    assert (await audited(services, "erasure_completed"), await confirmed(services)) == (1, 3)


async def test_a_copy_of_the_index_that_goes_is_waited_for(services: BothServices, crowd: Crowd) -> None:
    client = await crowd.client()
    await services.keep_indexes()
    database = services.bpa.backbone.database
    fed = "UPDATE search_marks SET fed = version RETURNING id"
    going = "UPDATE search_copies SET state = 'dropping' RETURNING copy"
    upkeep, services.sides[1].upkeep = services.sides[1].upkeep, None
    await erase(client)
    with pytest.raises(RetryLater, match="search index"):
        await services.settle()
    async with database.writing() as session:
        await session.fetch(fed)
        await session.fetch(going)
    with pytest.raises(RetryLater, match="search index"):
        await services.settle()
    assert await confirmed(services) == 0
    services.sides[1].upkeep = upkeep
    await services.settle()
    assert await confirmed(services) == 3


@pytest.mark.parametrize("name", ["bpa.confirm_erasure.v1", "cabinet.complete_erasure.v1"])
async def test_killed_over_the_confirmation_it_is_confirmed_once(
    services: BothServices, crowd: Crowd, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    client = await crowd.client()
    inbox = services.sides[0 if name.startswith("cabinet") else 1].work
    receive, kills = inbox.receive_in_transaction, ["before it is written", "before the sender knows"]

    async def killed(database: Database, envelope: Envelope) -> Outcome:
        if envelope.name != name or not kills:
            return await receive(database, envelope)
        if kills[0] == "before the sender knows":
            await receive(database, envelope)
            raise OSError(f"the process ends here, {kills.pop(0)}")
        async with database.writing() as session:
            await inbox.receive(session, envelope, now=await database_now(session))
            raise OSError(f"the process ends here, {kills.pop(0)}")

    monkeypatch.setattr(inbox, "receive_in_transaction", killed)
    await erase(client)
    while kills:
        with pytest.raises(OSError, match="ends here"):
            await services.settle()
    await services.settle()
    assert (await erasure_of(services, client)).completed_at is not None
    assert (await audited(services, "erasure_completed"), await confirmed(services)) == (1, 3)


async def test_what_comes_late_brings_nothing_back(
    services: BothServices, crowd: Crowd, stores: Stores
) -> None:
    client = await crowd.client()
    inspection_id = client.inspection_ids[2]
    # The experts write while the client is leaving: it arrives after the inspection was erased here.
    await crowd.expert.act(inspection_id, "messages", text=f"Late for {client.mark}")
    await erase(client)
    await services.settle()
    assert await stores.holding(client.words) == []
    late = CaseMessagePostedV1(
        inspection_id=inspection_id,
        message_id=UUID(int=1),
        author=ExpertRef(expert_id=UUID(int=2), display_name="Anna"),
        text=client.mark,
        posted_at=(await erasure_of(services, client)).requested_at,
    )
    async with services.cabinet.backbone.database.reading() as session:
        streams = services.cabinet.backbone.tables.incoming_streams
        last_seq = await session.scalar(select(streams.last_seq).where(streams.aggregate_id == inspection_id))
    assert last_seq is not None
    inbox = services.sides[0].events
    await inbox.receive_in_transaction(services.cabinet.backbone.database, envelope(late, last_seq + 1))
    assert await stores.holding(client.words) == []


async def test_nothing_can_be_done_with_an_erased_case(services: BothServices, crowd: Crowd) -> None:
    client = await crowd.client()
    await erase(client)
    await services.settle()
    with pytest.raises(AssertionError, match="case_erased"):
        await crowd.expert.act(client.inspection_ids[1], "notes", text="A word more.")


async def test_a_company_keeps_its_orders_without_the_name_of_who_left(
    services: BothServices, crowd: Crowd
) -> None:
    firm = await clients.found_company(services.cabinet)
    for contact, role in (
        ("boss@example.com", Role.PARTNER_ADMIN),
        ("agent@example.com", Role.PARTNER_AGENT),
    ):
        await clients.join(services.cabinet, firm, contact, role, branch_id=firm.first_branch)
    boss, agent = [await crowd.sign_in(f"{name}@example.com") for name in ("boss", "agent")]
    await agent.patch("/me", {"display_name": "Zq Leaver"})
    order = (await agent.start(company_id=str(firm.company_id), worry="Is it the firm's?"))["id"]
    await agent.send_file(order, jpeg())
    assert (await agent.post(f"/inspections/{order}/submit")).status_code == 200
    await agent.post(f"/inspections/{order}/messages", {"text": "Please hurry."})
    await services.settle()

    refused = await boss.post("/me/erasure")
    assert refused.status_code == 409
    assert refused.json()["code"] == "last_admin"
    assert (await agent.post("/me/erasure")).status_code == 202
    await services.settle()

    kept: dict[str, Any] = await boss.inspection(order)
    assert kept["state"] == "queued"
    assert kept["worry"] == "Is it the firm's?"
    said = (await boss.get(f"/inspections/{order}/messages")).json()["items"]
    assert [one["text"] for one in said] == ["Please hurry."]
    assert await Stores(services).holding({"leaver"}) == []


async def test_whom_a_restored_backup_brought_back_is_forgotten_again(
    services: BothServices, crowd: Crowd, stores: Stores
) -> None:
    gone, back = await crowd.client(), await crowd.client()
    await erase(gone)
    await services.settle()
    ledger = services.cabinet.settings.erasures_file
    assert ledger is not None
    assert list(ledgers.read(ledger).account_ids) == [gone.person.account_id]
    assert not any(word in ledger.read_text() for word in gone.words)
    # The backup holds one who was erased after it, and none who came after it.
    Ledger(ledger).note(back.person.account_id, NOW)
    Ledger(ledger).note(uuid4(), NOW)
    with ledger.open("a") as file:
        file.write('{"account_id": "0')  # where a power cut came
    begun: list[bool] = []
    for account_id in ledgers.read(ledger).account_ids:
        async with services.cabinet.backbone.database.writing() as session:
            now = await database_now(session)
            begun.append(await erasing.request_again(session, account_id, now=now))
    assert begun == [False, True, False]
    await services.settle()
    assert await stores.holding(back.words) == []


def test_a_torn_line_of_the_ledger_takes_no_other_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger"
    first, second, third = uuid4(), uuid4(), uuid4()
    Ledger(path).note(first, NOW)
    with path.open("ab") as file:
        file.write(b'{"account_id": "\xff')  # where a power cut came
    Ledger(path).note(second, NOW)
    write = os.write

    def a_few_at_a_time(descriptor: int, data: bytes) -> int:
        return write(descriptor, data[:5])

    monkeypatch.setattr(os, "write", a_few_at_a_time)
    Ledger(path).note(third, NOW)
    noted = ledgers.read(path)
    assert (list(noted.account_ids), list(noted.damaged)) == ([first, second, third], [2])
