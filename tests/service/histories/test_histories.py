"""Histories without an inspection: ordered, made by the experts' side, kept, shown, verified, shared, erased."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, update

from cabinet_service.accounts.domain import Role
from cabinet_service.companies.models import CompanyAgreement
from cabinet_service.histories.models import HistoryOrder
from cabinet_service.histories.service import MADE_WITHIN
from cabinet_service.wiring import report_files
from service_kit.http.peer import PeerUnavailable
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import HistoryReadyV1
from tests.service.histories.conftest import SignIn
from tests.service.inspections.conftest import Person
from tests.support import clients
from tests.support.both_services import BothServices

Json = dict[str, Any]
VIN = "SAL1A2A40SA606662"


async def ordered(client: Person, text: str = VIN, **body: Any) -> Json:
    answer = await client.post("/histories", {"text": text} | body)
    assert answer.status_code in {200, 202}, answer.text
    return answer.json()


async def made(services: BothServices, client: Person, text: str = VIN, **body: Any) -> Json:
    order = await ordered(client, text, **body)
    await services.settle()
    return order


async def test_a_client_orders_one_and_reads_what_sources_know(
    services: BothServices, client: Person
) -> None:
    answer = await client.post("/histories", {"text": "sal1a2a4 0SA606662"})
    order = answer.json()
    path = f"/histories/{order['id']}"

    assert (answer.status_code, answer.headers["retry-after"]) == (202, "2")
    assert (order["identifier"], order["identifier_kind"]) == ("SAL 1A2A40 SA606662", "vin")
    assert order["number"].startswith("H-")
    assert (await client.get(path)).status_code == 202
    assert (await client.get(f"{path}/report")).json()["code"] == "report_not_ready"
    assert (await client.post(f"{path}/shares", {})).json()["code"] == "report_not_ready"
    await services.settle()

    assert (await client.get(path)).json()["made_at"] is not None
    report = (await client.get(f"{path}/report")).json()
    head = report["presented"]["masthead"]
    assert (head["verdict"], head["by"], report["presented"]["version"]) == (None, None, 1)
    assert head["verdict_title"] == "No specialist has looked at this car"
    assert [row["id"] for row in (await client.get("/histories")).json()["items"]] == [order["id"]]
    again = await client.get(f"{path}/report", headers={"If-None-Match": await _etag(client, path)})
    assert again.status_code == 304


async def _etag(client: Person, path: str) -> str:
    return (await client.get(f"{path}/report")).headers["etag"]


async def test_its_pdf_is_signed_and_verified(services: BothServices, client: Person) -> None:
    order = await made(services, client)
    path = f"/histories/{order['id']}"

    assert (await client.get(f"{path}/report/pdf")).status_code == 202
    assert await report_files(services.cabinet).make_due() == 1
    answer = await client.get(f"{path}/report/pdf")

    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert order["number"] in answer.headers["content-disposition"]
    code = (await client.get(f"{path}/report")).json()["code"]
    told = (await client.get(f"/verify/{code}")).json()
    assert (told["state"], told["version"]) == ("genuine", 1)
    file = await services.cabinet_api.post(
        "/api/v1/verify", content=answer.content, headers={"Content-Type": "application/pdf"}
    )
    assert file.json()["state"] == "genuine"


async def test_there_is_no_page_for_a_credit_file_where_nobody_has_judged(
    services: BothServices, client: Person
) -> None:
    order = await made(services, client)
    await client.get(f"/histories/{order['id']}/report/pdf", form="short")
    await client.get(f"/histories/{order['id']}/report/pdf", language="ru")
    async with services.cabinet.backbone.database.reading() as session:
        files = await session.fetch("SELECT language, form FROM report_files ORDER BY language")
    assert [tuple(file) for file in files] == [("en", "full"), ("ru", "full")]


async def test_a_link_shows_it_to_a_stranger_until_it_is_ended(
    services: BothServices, client: Person
) -> None:
    order = await made(services, client)
    shares = f"/histories/{order['id']}/shares"
    shared = (await client.post(shares, {"label": "To the seller"})).json()
    opened = await stranger(services, shared)

    assert opened.status_code == 200, opened.text
    told = opened.json()
    assert (told["version"], told["is_newest"], told["presented"]["masthead"]["verdict"]) == (1, True, None)
    [listed] = (await client.get(shares)).json()
    assert (listed["views"], listed["shown"], listed["url"]) == (1, [1], shared["url"])
    assert (await stranger(services, shared, "/state")).json()["newest_version"] == 1
    assert (await stranger(services, shared, f"/photos/{order['id']}")).status_code == 404
    assert (await client.delete(f"{shares}/{shared['id']}")).status_code == 204
    assert (await stranger(services, shared)).json()["code"] == "share_revoked"


async def test_made_again_by_experts_who_were_restored_the_client_keeps_the_first(
    services: BothServices, client: Person
) -> None:
    order = await made(services, client)
    path = f"/histories/{order['id']}/report"
    first = (await client.get(path)).json()
    again = HistoryReadyV1(
        history_id=order["id"], report_id=new_id(), sha256="0" * 64, made_at=datetime.now(UTC)
    )
    backbone = services.bpa.backbone
    async with backbone.database.writing() as session:
        await backbone.tables.outbox.add(session, again, now=datetime.now(UTC))

    await services.settle()

    assert (await client.get(path)).json()["code"] == first["code"]
    assert len((await client.get("/notifications")).json()) == 1, "nor are they told again"


async def test_who_ordered_it_is_told_that_it_is_ready_until_they_have_seen_it(
    services: BothServices, client: Person, sign_in: SignIn
) -> None:
    order = await ordered(client)
    assert (await client.get("/notifications")).json() == []
    await services.settle()

    [told] = (await client.get("/notifications")).json()
    about = ("kind", "inspection_id", "history_id", "inspection_number", "seen_at")
    assert [told[field] for field in about] == ["history_ready", None, order["id"], order["number"], None]
    assert (await (await sign_in("other@example.com")).get("/notifications")).json() == []
    both = {"inspection_id": order["id"], "history_id": order["id"]}
    assert (await client.post("/notifications/seen", both)).status_code == 422
    assert (await client.post("/notifications/seen", {"history_id": order["id"]})).status_code == 204
    [told] = (await client.get("/notifications")).json()
    assert told["seen_at"] is not None
    choices = (await client.get("/notifications/choices")).json()
    assert "history_ready" in [one["kind"] for one in choices["kinds"]]


async def stranger(services: BothServices, shared: Json, path: str = "") -> httpx.Response:
    token = shared["url"].partition("#")[2]
    return await services.cabinet_api.get(f"/api/v1/shared/{token}{path}")


async def test_a_link_of_one_order_ends_by_no_other(services: BothServices, client: Person) -> None:
    one, other = await made(services, client), await made(services, client, "AT211-6001234")
    shared = (await client.post(f"/histories/{one['id']}/shares", {})).json()

    assert (await client.delete(f"/histories/{other['id']}/shares/{shared['id']}")).status_code == 404
    assert (await stranger(services, shared)).status_code == 200


async def test_the_same_car_within_a_day_gives_what_there_is(services: BothServices, client: Person) -> None:
    first = await made(services, client)

    again = await client.post("/histories", {"text": VIN.lower()})
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    async with services.cabinet.backbone.database.writing() as session:
        await session.execute(
            update(HistoryOrder).values(created_at=HistoryOrder.created_at - timedelta(hours=25))
        )
    later = await client.post("/histories", {"text": VIN})
    assert (later.status_code, later.json()["id"] != first["id"]) == (202, True)


async def test_they_are_found_by_a_part_of_a_number(
    services: BothServices, client: Person, sign_in: SignIn
) -> None:
    by_vin, by_frame = await made(services, client), await made(services, client, "AT211-6001234")
    await ordered(await sign_in("other@example.com"))

    async def found(typed: str) -> list[str]:
        return [row["id"] for row in (await client.get("/histories", q=typed)).json()["items"]]

    assert (
        await found("sal 1a2")
        == await found("0sa606662")
        == await found("1\u04102\u041040")
        == [by_vin["id"]]
    )
    assert await found("at2116001") == await found("211-60") == [by_frame["id"]]
    assert await found(by_vin["number"].lower()) == [by_vin["id"]]
    assert await found("") == await found("sa") == await found("%%%") == await found("ZZZ") == []
    assert (await client.get("/histories", q="x" * 201)).status_code == 422


async def test_who_asks_again_where_a_source_did_not_answer_asks_anew(
    services: BothServices, client: Person
) -> None:
    first = await made(services, client)
    async with services.cabinet.backbone.database.writing() as session:
        await session.execute(update(HistoryOrder).values(has_gaps=True))

    again = await client.post("/histories", {"text": VIN})
    assert (again.status_code, again.json()["id"] != first["id"]) == (202, True)
    # It is being made; if it never is, it stands in nobody's way.
    assert (await client.post("/histories", {"text": VIN})).json()["id"] == again.json()["id"]
    async with services.cabinet.backbone.database.writing() as session:
        await session.execute(update(HistoryOrder).values(created_at=HistoryOrder.created_at - MADE_WITHIN))
    third = (await client.post("/histories", {"text": VIN})).json()
    assert third["id"] not in {first["id"], again.json()["id"]}


async def test_twice_at_once_is_one(client: Person) -> None:
    orders = await asyncio.gather(*(ordered(client) for _ in range(3)))
    assert len({one["id"] for one in orders}) == 1


async def test_another_client_has_an_order_of_their_own(
    services: BothServices, client: Person, sign_in: SignIn
) -> None:
    order = await made(services, client)
    other = await sign_in("other@example.com")

    assert (await ordered(other))["id"] != order["id"]
    for path in ("", "/report", "/report/pdf", "/shares"):
        assert (await other.get(f"/histories/{order['id']}{path}")).status_code == 404


async def test_a_companys_is_seen_by_its_branch_and_its_admin(
    services: BothServices, sign_in: SignIn
) -> None:
    ports = services.cabinet
    firm = await clients.found_company(ports)
    agents = {"north@example.com": firm.first_branch, "south@example.com": firm.second_branch}
    for contact, branch_id in agents.items():
        await clients.join(ports, firm, contact, Role.PARTNER_AGENT, branch_id=branch_id)
    await clients.join(ports, firm, "boss@example.com", Role.PARTNER_ADMIN)
    north, south, boss = [await sign_in(f"{one}@example.com") for one in ("north", "south", "boss")]

    order = await made(services, north, company_id=str(firm.company_id))

    assert [(await one.get(f"/histories/{order['id']}")).status_code for one in (north, boss, south)] == [
        200,
        200,
        404,
    ]
    assert (await ordered(north))["id"] != order["id"], "one's own is another"
    refused = await (await sign_in("stranger@example.com")).post(
        "/histories", {"text": VIN, "company_id": str(firm.company_id)}
    )
    assert refused.status_code == 404


async def test_a_company_orders_one_as_it_orders_anything(services: BothServices, sign_in: SignIn) -> None:
    ports = services.cabinet
    firm = await clients.found_company(ports)
    await clients.join(ports, firm, "boss@example.com", Role.PARTNER_ADMIN)
    boss = await sign_in("boss@example.com")
    branch_id = str(firm.first_branch)
    of_branch = {"text": VIN, "company_id": str(firm.company_id), "branch_id": branch_id}
    path = f"/companies/{firm.company_id}/branches/{branch_id}"
    assert (await boss.patch(path, {"is_closed": True})).status_code == 200

    closed = await boss.post("/histories", of_branch)
    async with ports.backbone.database.writing() as session:
        await session.execute(delete(CompanyAgreement))
    without_terms = await boss.post("/histories", of_branch | {"branch_id": None})

    assert (closed.status_code, closed.json()["code"]) == (409, "branch_closed")
    assert (without_terms.status_code, without_terms.json()["code"]) == (409, "company_terms_required")
    assert (await boss.get("/histories")).json()["items"] == []


@pytest.mark.parametrize(
    "text", ["", "hello", "SAL1A2A40SA60666", "11111111111111111", "SALIA2A40SA606662\u0000"]
)
async def test_by_what_is_no_number_nothing_is_ordered(client: Person, text: str) -> None:
    answer = await client.post("/histories", {"text": text})

    assert answer.status_code == 422, answer.text
    assert (await client.get("/histories")).json()["items"] == []


async def test_who_has_not_agreed_orders_nothing(services: BothServices) -> None:
    signed_in = await clients.sign_in(services.cabinet, "new@example.com", consents=False)
    answer = await Person(services.cabinet_api, signed_in).post("/histories", {"text": VIN})
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_required")


async def test_while_the_experts_side_is_away_it_is_waited_for(
    services: BothServices, client: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise PeerUnavailable("away")

    order = await ordered(client)
    monkeypatch.setattr(services.cabinet.backbone.peer, "get", away)
    answer = await client.get(f"/histories/{order['id']}")
    assert (answer.status_code, answer.json()["sources"], answer.json()["make_by"]) == (202, [], None)


async def test_erased_it_leaves_its_number_and_a_dead_link(services: BothServices, client: Person) -> None:
    order = await made(services, client)
    code = (await client.get(f"/histories/{order['id']}/report")).json()["code"]
    shared = (await client.post(f"/histories/{order['id']}/shares", {})).json()

    assert (await client.post("/me/erasure")).status_code == 202
    assert (await stranger(services, shared)).json()["code"] == "share_erased"
    await services.settle()

    verified = await services.cabinet_api.get(f"/api/v1/verify/{code}")
    assert verified.json()["state"] == "erased"
    async with services.cabinet.backbone.database.reading() as session:
        row = await session.get_one(HistoryOrder, order["id"])
        files = await session.fetch("SELECT FROM report_files")
    assert (row.identifier, row.number, files) == ("[erased]", order["number"], [])
    assert row.forgotten_at is not None
