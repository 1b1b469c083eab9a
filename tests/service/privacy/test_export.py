"""Taking one's data along: all of it, nobody else's, and only by whom it belongs to."""

import io
import json
from datetime import timedelta
from typing import Any, Final
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from cabinet_service.accounts.domain import Role
from cabinet_service.accounts.models import Passkey
from cabinet_service.bulk.models import BulkJob, BulkRow
from cabinet_service.companies.models import Invitation
from cabinet_service.db.models import Base
from cabinet_service.notifications.notices import notices
from cabinet_service.privacy import exporting
from cabinet_service.privacy.archive import KINDS
from cabinet_service.privacy.models import Export
from cabinet_service.reports.badges.models import ReportBadge
from cabinet_service.wiring import sender
from service_kit.bus import RetryLater
from service_kit.db import database_now
from service_kit.http.peer import Peer, PeerUnavailable
from service_kit.ids import new_id
from service_kit.notifying.rules import Choice
from service_kit.personal_columns import marks_of
from shared_schemas.rest.clients import ClientData
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person
from tests.service.privacy.conftest import SHOT_ANSWERS, Crowd, Marked
from tests.support import clients
from tests.support.both_services import BothServices

# What only a company's people have; their own tests are where companies and lists of cars are.
OF_COMPANIES: Final = {"memberships", "invitations", "company_agreements", "bulk_jobs", "bulk_rows"}


async def asked_for(person: Person) -> str:
    answer = await person.post("/exports")
    assert answer.status_code == 201, answer.text
    export_id: str = answer.json()["id"]
    return export_id


async def archive_of(services: BothServices, person: Person) -> ZipFile:
    export_id = await asked_for(person)
    await services.settle()
    ready = (await person.get(f"/exports/{export_id}")).json()
    assert ready["state"] == "ready"
    answer = await person.get(f"/exports/{export_id}/file")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert len(answer.content) == ready["size_bytes"]
    return ZipFile(io.BytesIO(answer.content))


def rows(archive: ZipFile, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"{kind}.json"))
    return found


async def add_passkey(services: BothServices, person: Person) -> None:
    async with services.cabinet.backbone.database.writing() as session:
        key = Passkey(
            id=new_id(),
            owner_id=person.account_id,
            credential_id=b"its name",
            public_key=b"its key",
            sign_count=0,
            name="Phone",
            created_at=await database_now(session),
            last_used_at=None,
        )
        session.add(key)


async def make_badge(services: BothServices, client: Marked) -> None:
    async with services.cabinet.backbone.database.writing() as session:
        now = await database_now(session)
        badge = ReportBadge(
            id=new_id(),
            inspection_id=client.inspection_ids[0],
            account_id=client.person.account_id,
            token_sha256=b"of its address",
            created_at=now,
            expires_at=now,
        )
        session.add(badge)


async def be_told(services: BothServices, person: Person) -> None:
    """In a chat too, in an order of one's own."""
    async with services.cabinet.backbone.database.writing() as session:
        now = await database_now(session)
        await notices.bind(session, person.account_id, "chat", "42", device="Phone", now=now)
        await notices.choose(session, person.account_id, Choice(order=("email",)))
    await sender(services.cabinet).send_due()


async def test_everything_that_is_mine_is_in_it(services: BothServices, crowd: Crowd) -> None:
    client, other = await crowd.client(), await crowd.client()
    await add_passkey(services, client.person)
    await be_told(services, client.person)
    await make_badge(services, client)
    tried = [await client.person.send("PUT", f"/inspections/{one}/watch") for one in client.inspection_ids]
    # They are of one car, which the last watches.
    *_, watched = [answer.json()["inspection_id"] for answer in tried if answer.status_code == 200]
    archive = await archive_of(services, client.person)
    assert archive.testzip() is None
    lists = {name.removesuffix(".json") for name in archive.namelist() if name.endswith(".json")}
    assert lists == set(KINDS) - OF_COMPANIES
    ids = {str(one) for one in client.inspection_ids}
    assert {row["id"] for row in rows(archive, "inspections")} == ids
    assert [row["display_name"] for row in rows(archive, "account")] == [f"Ms {client.mark}"]
    assert [row["value"] for row in rows(archive, "contacts")] == [client.contact]
    assert {row["act"] for row in rows(archive, "consents")} == {"given"}
    texts = {row["text"] for row in rows(archive, "messages")}
    assert {f"Message of {client.mark}", f"Dear {client.mark}"} <= texts
    assert f"Answer of {client.mark}" in {row["answer"] for row in rows(archive, "info_tasks")}
    answers = [row["body"] for row in rows(archive, "decisions")]
    assert answers
    for answer in answers:
        assert f"By law, says {client.mark}" in {finding["explanation"] for finding in answer["findings"]}
    assert [row["label"] for row in rows(archive, "shares")] == [f"To {client.mark}"] * 2
    assert not {"token_sha256", "code_hash"} & rows(archive, "shares")[0].keys()
    assert [row["inspection_id"] for row in rows(archive, "badges")] == [str(client.inspection_ids[0])]
    assert "token_sha256" not in rows(archive, "badges")[0]
    cases = rows(archive, "experts")
    assert {case["inspection_id"] for case in cases} < ids
    assert {case["worry"] for case in cases} == {f"Worry of {client.mark}"}
    assert [case["shot_answers"] for case in cases] == [SHOT_ANSWERS] * 3
    photos = [archive.read(name) for name in archive.namelist() if name.startswith("photos/")]
    assert photos == [jpeg(160, 120, comment=client.mark.encode())] * 4

    assert [row["inspection_id"] for row in rows(archive, "watches")] == [watched]
    assert [row["name"] for row in rows(archive, "passkeys")] == ["Phone"]
    assert {row["channel"] for row in rows(archive, "notification_deliveries")} == {"email"}
    assert [row["device"] for row in rows(archive, "notification_addresses")] == ["Phone"]
    assert [row["order"] for row in rows(archive, "notification_choices")] == [["email"]]
    given = [rows(archive, kind)[0].keys() for kind in lists]
    for table in (mapper.class_ for mapper in Base.registry.mappers):
        columns = {name for name, mark in marks_of(table) if mark.is_personal and mark.is_exported}
        assert table in {BulkJob, BulkRow, Invitation} or any(columns <= keys for keys in given), table

    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert other.mark not in everything
    assert "Note on" not in everything


async def test_it_is_for_its_owner_and_for_a_week(services: BothServices, crowd: Crowd) -> None:
    owner, stranger = [await crowd.sign_in(f"{name}@example.com") for name in ("owner", "stranger")]
    export_id = await asked_for(owner)
    assert await asked_for(owner) == export_id
    early = await owner.get(f"/exports/{export_id}/file")
    assert early.json()["code"] == "export_not_ready"
    await services.settle()
    for path in (f"/exports/{export_id}", f"/exports/{export_id}/file"):
        assert (await owner.get(path)).status_code == 200
        assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get("/exports")).json() == []

    files = services.cabinet.settings.files_dir
    assert len(list(files.rglob("exports/*/*"))) == 1
    async with services.cabinet.backbone.database.writing() as session:
        await session.execute(update(Export).values(expires_at=Export.expires_at - timedelta(days=8)))
    async with services.cabinet.backbone.database.writing() as session:
        await exporting.sweep(session, await database_now(session), files=services.cabinet.files)
    late = await owner.get(f"/exports/{export_id}/file")
    assert late.status_code == 410
    assert late.json()["code"] == "export_expired"
    assert list(files.rglob("exports/*/*")) == []


async def test_while_the_experts_side_is_away_it_waits(
    services: BothServices, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = (await crowd.client()).person
    export_id = await asked_for(client)

    async def away(*_: object) -> None:
        raise PeerUnavailable("nobody answers")

    get = Peer.get

    async def first_page_only(peer: Peer, target: str, body: type[ClientData]) -> ClientData:
        if "after=" in target:
            raise PeerUnavailable("nobody answers any more")
        return (await get(peer, target, body)).model_copy(update={"next_page": "there-is-more"})

    for answer in (away, first_page_only):
        with monkeypatch.context() as while_away, pytest.raises(RetryLater):
            while_away.setattr(Peer, "get", answer)
            await services.settle()
    assert (await client.get(f"/exports/{export_id}")).json()["state"] == "pending"
    await services.settle()
    assert (await client.get(f"/exports/{export_id}")).json()["state"] == "ready"


async def test_of_a_companys_orders_one_gets_what_one_wrote(services: BothServices, crowd: Crowd) -> None:
    firm = await clients.found_company(services.cabinet)
    agent = Role.PARTNER_AGENT
    await clients.join(services.cabinet, firm, "agent@example.com", agent, branch_id=firm.first_branch)
    person = await crowd.sign_in("agent@example.com")
    order = (await person.start(company_id=str(firm.company_id)))["id"]
    await person.send_file(order, jpeg())
    assert (await person.post(f"/inspections/{order}/submit")).status_code == 200
    await person.post(f"/inspections/{order}/messages", {"text": "Please hurry."})
    await services.settle()
    archive = await archive_of(services, person)
    assert [row["text"] for row in rows(archive, "messages")] == ["Please hurry."]
    assert not {"inspections.json", "experts.json", "photos.json"} & set(archive.namelist())
