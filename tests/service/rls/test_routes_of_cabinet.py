"""Every operation of cabinet's contract x everybody whose business it is not: nothing leaks, nothing changes.

(Who may do what at bpa, where there are roles and no tenants: test_roles.py of tests/service/experts,
tests/service/cases and tests/service/exemplars. That those tables are whole: a test here.)
"""

import hashlib
import json
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api_contracts import generate
from bpa_service.experts.domain import Role as RoleAtBpa
from cabinet_service.accounts.domain import Role
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.notifications.notices import notices
from cabinet_service.reports import service as reports
from cabinet_service.reports.sharing import links
from cabinet_service.reports.sharing.models import ReportShare
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas.report.content import digest_of
from shared_schemas.report.presented import Reader
from tests.factories.photos import jpeg
from tests.factories.reports import one_finding
from tests.service.accounts.passkeys import add, ask_to_add
from tests.service.cases.roles import TABLE as CASES_AT_BPA
from tests.service.exemplars.roles import TABLE as EXEMPLARS_AT_BPA
from tests.service.experts.roles import PUBLIC as PUBLIC_AT_BPA
from tests.service.experts.roles import TABLE as PEOPLE_AT_BPA
from tests.service.rls.conftest import COMPANY_MARK, Neighbours
from tests.service.rls.routes import (
    BODIES,
    LAST,
    OF_LINKS_TOO,
    STREAM,
    SUBSCRIPTION,
    TABLE,
    TAKE_MORE,
    A,
    Address,
    I,
    W,
)
from tests.service.uploads.phone import Phone, tus_headers
from tests.support import clients, experts
from tests.support.api import BASE_URL
from tests.support.authenticator import Authenticator
from tests.support.programs import make_key


async def chat_of(neighbours: Neighbours, messenger: str) -> str:
    """A chat of the victim's there."""
    ports, victim_id = neighbours.services.cabinet, neighbours.victim.person.account_id
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        await notices.bind(session, victim_id, messenger, "42", device="@victim", now=now)
        [chat] = await notices.bound(session, victim_id, messenger)
        return str(chat.id)


async def share_of(neighbours: Neighbours) -> str:
    """A link to a report of the inspection that is in work."""
    ports, owner_id = neighbours.services.cabinet, neighbours.victim.person.account_id
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        share = ReportShare(
            id=new_id(),
            inspection_id=neighbours.inspection_id,
            account_id=owner_id,
            token_sha256=b"of a token that nobody knows",
            reader=Reader.BUYER,
            photos=True,
            history=True,
            created_at=now,
            expires_at=now + timedelta(days=7),
        )
        session.add(share)
        return str(share.id)


async def company_of(neighbours: Neighbours) -> dict[str, str]:
    """A company that the victim alone is in, a key of it, its webhook, and a test that was sent there."""
    ports, victim = neighbours.services.cabinet, neighbours.victim
    firm = await clients.found_company(ports, "Victim's own")
    await clients.join(ports, firm, victim.contact, Role.PARTNER_ADMIN)
    key = await make_key(victim.person, firm, neighbours.victim.mark)
    path = f"/companies/{firm.company_id}/webhooks"
    made = (await victim.person.post(path, BODIES["POST", W])).json()
    sent = (await victim.person.post(f"{path}/{made['id']}/tests")).json()
    invited = await victim.person.post(f"/companies/{firm.company_id}/invitations", {"role": "partner_admin"})
    return {
        "company_id": str(firm.company_id),
        "branch_id": str(firm.first_branch),
        "invitation_id": invited.json()["id"],
        "key_id": key.id,
        "endpoint_id": made["id"],
        "event_id": sent["event_id"],
    }


async def job_of(neighbours: Neighbours, company_id: str) -> str:
    """Cars that the victim ordered for that company."""
    victim = neighbours.victim
    body = {"company_id": company_id, "rows": [{"plate": "А123ВС77", "worry": victim.mark}]}
    answer = await victim.person.post("/bulk-jobs", body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def keep_report(neighbours: Neighbours) -> None:
    """There is a report on the victim's inspection, in their words."""
    report = one_finding().model_copy(
        update={"inspection_id": neighbours.inspection_id, "worry": neighbours.victim.mark}
    )
    async with neighbours.services.cabinet.backbone.database.writing() as session:
        acting = Acting(session=session, now=await database_now(session))
        inspection = await acting.lock(neighbours.inspection_id)
        body = report.body()
        await reports.keep(acting, inspection, body, report_id=report.report_id, sha256=digest_of(body))


@pytest.fixture
async def ids(neighbours: Neighbours) -> dict[str, str]:
    """What the victim's things are called."""
    victim = neighbours.victim.person
    seen = await victim.inspection(str(neighbours.inspection_id))
    assert (await victim.post("/exports")).status_code < 300
    api, phone = neighbours.services.cabinet_api, Authenticator(BASE_URL)
    added = await add(api, victim.headers, phone.create(await ask_to_add(api, victim.headers)))
    assert added.status_code == 201, added.text
    await neighbours.person(neighbours.victim.contact)
    [session] = [one for one in (await victim.get("/auth/sessions")).json() if not one["current"]]
    [export] = (await victim.get("/exports")).json()
    subscription = SUBSCRIPTION | {"device": "Phone"}
    headers = victim.headers
    assert (
        await api.put("/api/v1/notifications/push", json=subscription, headers=headers)
    ).status_code == 204
    [device] = (await victim.get("/notifications/devices")).json()
    await keep_report(neighbours)
    link = (await victim.post(f"/inspections/{seen['id']}/yard-links", {})).json()
    company = await company_of(neighbours)
    upload = Phone(victim, seen["id"], jpeg(78, 55))
    assert (await upload.begin()).status_code == 201
    return {
        "account_id": str(victim.account_id),
        "upload_id": upload.place.split("/")[2],
        "inspection_id": seen["id"],
        "evidence_id": seen["evidence"][0]["id"],
        "task_id": seen["info_tasks"][0]["id"],
        "variant": "preview",
        "version": "1",
        "code": "0" * 20,
        "session_id": session["id"],
        "export_id": export["id"],
        "passkey_id": added.json()["id"],
        "device_id": device["id"],
        "delivery_id": device["id"],
        "chat_id": await chat_of(neighbours, "telegram"),
        "chat_in_max": await chat_of(neighbours, "max"),
        "contact": neighbours.victim.contact,
        "document": "personal_data",
        "history_id": str(neighbours.victim.history_id),
        "share_id": await share_of(neighbours),
        "link_id": link["id"],
        "link": link["url"].partition("#")[2],
        "shot": "rear",
        "token": links.TOKENS.new(UUID(int=7), neighbours.services.cabinet.secrets),  # of no link
        "share_of_history": (await victim.get(f"/histories/{neighbours.victim.history_id}/shares")).json()[0][
            "id"
        ],
        **company,
        "job_id": await job_of(neighbours, company["company_id"]),
    }


async def ask(
    api: httpx.AsyncClient, address: Address, ids: dict[str, str], headers: dict[str, str]
) -> httpx.Response:
    method, path = address
    ids = ids | {"chat_id": ids.get("chat_in_max", "")} if "/me/max/" in path else ids
    ids = ids | {"share_id": ids.get("share_of_history", "")} if "/histories/" in path else ids
    headers = headers | {"Idempotency-Key": uuid4().hex, "Accept-Language": "en"}
    if address in {("POST", f"{I}/evidence"), ("POST", f"{I}/evidence/copies")}:
        photo = jpeg(77, 55)
        announced = {"media_type": "image/jpeg", "size_bytes": "1000"} if path.endswith("/copies") else {}
        return await api.post(
            path.format(**ids),
            data={"shot": "front", "sha256": hashlib.sha256(photo).hexdigest()} | announced,
            files={"file": ("photo.jpg", photo, "image/jpeg")},
            headers=headers,
        )
    if path.startswith("/api/v1/uploads") and method != "OPTIONS":
        metadata = {"inspection_id": ids["inspection_id"], "shot": "front", "sha256": "ab" * 32}
        return await api.request(
            method,
            path.format(**ids),
            content=b"part" if method == "PATCH" else None,
            headers=headers | tus_headers(metadata, size=4) | {"Upload-Offset": "0"},
        )
    if path == "/api/v1/bulk-sheets":
        return await api.post(path, content=b"VIN", headers=headers | {"Content-Type": "text/csv"})
    if path.startswith("/api/v1/bulk-jobs"):
        order = {"company_id": ids["company_id"], "rows": [{"plate": "В777ОР99"}]}
        return await api.request(
            method,
            path.format(**ids),
            json=order if method == "POST" else None,
            params={"company_id": ids["company_id"]} if method == "GET" else None,
            headers=headers,
        )
    body = {"kind": "email", "value": ids["contact"]} if path.endswith("/contacts/removal") else None
    return await api.request(method, path.format(**ids), json=body or BODIES.get(address), headers=headers)


def test_the_table_is_the_contract() -> None:
    assert TABLE.keys() == operations("cabinet")


def test_the_tables_of_bpa_are_its_contract() -> None:
    told = {*PEOPLE_AT_BPA, *CASES_AT_BPA, *EXEMPLARS_AT_BPA, *PUBLIC_AT_BPA}
    others = {path for _, path in operations("bpa") - told}
    assert told <= operations("bpa")
    assert all(path.startswith("/internal/") or path in ("/livez", "/readyz", "/metrics") for path in others)


def operations(service: str) -> set[Address]:
    document = json.loads((Path(generate.__file__).parent / "openapi" / service / "v1.json").read_text())
    return {(method.upper(), path) for path, found in document["paths"].items() for method in found}


async def test_without_a_clients_sign_in_nothing_but_what_is_anybodys(
    neighbours: Neighbours, ids: dict[str, str]
) -> None:
    an_expert = (await experts.sign_in(neighbours.services.bpa, RoleAtBpa.SENIOR)).headers
    unsigned = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
    nobody: dict[str, str] = {}
    for (address, access), headers in product(TABLE.items(), (nobody, an_expert, unsigned)):
        if access is A.ANYBODY:
            continue
        answer = await ask(neighbours.services.cabinet_api, address, ids, headers)
        # Without its signature a link is no link, and without a row a token is none.
        expected = {A.LINK: 422, A.TOKEN: 404}.get(access, 401)
        assert answer.status_code == expected, (address, answer.text)
        assert neighbours.victim.mark not in answer.text


async def test_a_neighbour_reaches_nothing_of_a_client(neighbours: Neighbours, ids: dict[str, str]) -> None:
    before = await state_of(neighbours)
    people = (neighbours.stranger, neighbours.rival, neighbours.boss, neighbours.south, neighbours.north)
    routes = sorted(TABLE.items(), key=lambda row: row[0] in LAST)
    for person, (address, access) in product(people, routes):
        if access is A.ANYBODY or address == STREAM or address[1] == "/api/v1/me/erasure":
            continue
        answer = await ask(neighbours.services.cabinet_api, address, ids, person.headers)
        if access in (A.OF_INSPECTION, A.OWN_BY_ID, A.OF_COMPANY):
            assert answer.status_code == 404, (address, answer.text)
            assert address[0] == "HEAD" or answer.json()["code"] == "not_found", (address, answer.text)
        elif access is A.BY_LINK:
            assert answer.status_code == 401, (address, answer.text)
        elif access is A.TOKEN_OF_MINE:
            assert answer.status_code == 404, (address, answer.text)
        elif access is A.OWN:
            # (A passkey is added by what the device answers, which is no answer here.)
            # A passkey takes a device, a link to a bot takes a bot, and a contact takes a code.
            alone = address[1] in TAKE_MORE
            assert answer.status_code < 400 or alone, (address, answer.text)
        assert neighbours.victim.mark not in answer.text, address
        for name in (
            "inspection_id",
            "history_id",
            "evidence_id",
            "task_id",
            "session_id",
            "export_id",
            "share_id",
            "link_id",
            "key_id",
            "job_id",
        ):
            assert ids[name] not in answer.text or access in (A.PEER, A.LINK, A.TOKEN), address
    assert await state_of(neighbours) == before


async def state_of(neighbours: Neighbours) -> dict[str, Any]:
    """Everything that the victim sees of their own."""
    person = neighbours.victim.person
    paths = ["/me", "/exports", "/consents", "/inspections"]
    for one in neighbours.victim.inspection_ids:
        paths += [f"/inspections/{one}", f"/inspections/{one}/timeline", f"/inspections/{one}/messages"]
    answers = {path: await person.get(path) for path in paths}
    assert all(answer.status_code == 200 for answer in answers.values())
    return {path: answer.json() for path, answer in answers.items()}


async def test_an_order_of_a_company_is_its_branchs_and_its_admins(neighbours: Neighbours) -> None:
    of_it = {"inspection_id": neighbours.ordered, "evidence_id": str(uuid4()), "task_id": str(uuid4())}
    of_it |= {"variant": "preview", "version": "1"}
    reading = [a for a, access in TABLE.items() if access is A.OF_INSPECTION and a[0] == "GET"]
    callers = {neighbours.north: True, neighbours.boss: True}
    callers |= dict.fromkeys((neighbours.south, neighbours.rival, neighbours.stranger), False)
    for person, sees_it in callers.items():
        for address in reading:
            answer = await ask(neighbours.services.cabinet_api, address, of_it, person.headers)
            if not sees_it:
                assert answer.json()["code"] == "not_found", address
            assert (COMPANY_MARK in answer.text) is (sees_it and address[1] == I), address
        listed = (await person.get("/inspections")).text
        assert (COMPANY_MARK in listed) is sees_it


async def test_a_link_to_a_car_reaches_what_it_is_for_and_nothing_else(
    neighbours: Neighbours, ids: dict[str, str]
) -> None:
    victim = neighbours.victim
    for inspection_id in victim.inspection_ids:  # of all of theirs, the one that it is for too
        for address, access in TABLE.items():
            if access is A.ANYBODY:
                continue
            of_it = ids | {"inspection_id": str(inspection_id)}
            link = {"Authorization": f"Bearer yard_{ids['link']}"}
            answer = await ask(neighbours.services.cabinet_api, address, of_it, link)
            if access is A.BY_LINK:
                # (The photo was not brought by this link.)
                assert answer.status_code in (200, 404, 409), (address, answer.text)
            elif address in OF_LINKS_TOO:
                is_of_car = inspection_id == neighbours.inspection_id and "/uploads/" not in address[1]
                # (The question was answered before.)
                expected = (200, 201, 409) if is_of_car else (404,)
                assert answer.status_code in expected, (address, answer.text)
            else:
                expected_one = {A.LINK: 422, A.TOKEN: 404}.get(access, 401)
                assert answer.status_code == expected_one, (address, answer.text)
            for secret in (victim.contact, f"Ms {victim.mark}", f"Worry of {victim.mark}"):
                assert secret not in answer.text, address


async def test_what_the_owner_may_do_is_let_through(neighbours: Neighbours, ids: dict[str, str]) -> None:
    """Or everything above would hold for routes that let nobody in."""
    person = neighbours.victim.person
    for address, access in sorted(TABLE.items(), key=lambda row: row[0] in LAST):
        if (
            access not in (A.OF_INSPECTION, A.OWN, A.OWN_BY_ID, A.OF_COMPANY)
            or address in LAST
            or address == STREAM
        ):
            continue
        answer = await ask(neighbours.services.cabinet_api, address, ids, person.headers)
        # Of a contact it is the code that is missing, and no right.
        is_let_through = answer.status_code not in (401, 403) or answer.json()["code"] == "code_expired"
        assert is_let_through, (address, answer.text)
        assert '"not_found"' not in answer.text, address
