"""Keeping the list of those who work here, over the API."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import Role
from service_kit.ids import new_id
from tests.support.experts import SignedInExpert, sign_in

OLGA = {"login": "Olga", "display_name": "Ольга", "role": "senior", "password": "correct horse battery"}


@pytest.fixture
async def admin(bpa_ports: ApiPorts) -> SignedInExpert:
    return await sign_in(bpa_ports, Role.BPA_ADMIN)


async def add(
    api: httpx.AsyncClient, admin: SignedInExpert, key: str | None = None, **fields: object
) -> httpx.Response:
    headers = admin.headers | {"Idempotency-Key": key or str(new_id())}
    return await api.post("/api/v1/people", json=OLGA | fields, headers=headers)


async def change(
    api: httpx.AsyncClient, admin: SignedInExpert, person_id: UUID | str, **fields: object
) -> httpx.Response:
    return await api.patch(f"/api/v1/people/{person_id}", json=fields, headers=admin.headers)


async def can_sign_in(api: httpx.AsyncClient, password: str) -> bool:
    body = {"login": "olga", "password": password, "carrier": "bearer"}
    return (await api.post("/api/v1/auth/sessions", json=body)).status_code == 201


async def test_who_was_added_can_sign_in(bpa_api: httpx.AsyncClient, admin: SignedInExpert) -> None:
    answer = await add(bpa_api, admin)

    assert answer.status_code == 201
    assert answer.json() == {
        "id": answer.json()["id"],
        "login": "olga",
        "display_name": "Ольга",
        "role": "senior",
        "active": True,
    }
    assert await can_sign_in(bpa_api, OLGA["password"])


async def test_a_login_belongs_to_one_person(bpa_api: httpx.AsyncClient, admin: SignedInExpert) -> None:
    await add(bpa_api, admin)

    answer = await add(bpa_api, admin, login="OLGA", display_name="Another")

    assert (answer.status_code, answer.json()["code"]) == (409, "login_taken")


async def test_added_twice_with_one_key_is_added_once(
    bpa_api: httpx.AsyncClient, admin: SignedInExpert
) -> None:
    first = await add(bpa_api, admin, key="once-and-only")
    again = await add(bpa_api, admin, key="once-and-only")
    other = await add(bpa_api, admin, key="once-and-only", login="oleg")
    without = await bpa_api.post("/api/v1/people", json=OLGA, headers=admin.headers)

    assert (again.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_missing")


async def test_a_new_password_takes_the_place_of_the_old_one(
    bpa_api: httpx.AsyncClient, admin: SignedInExpert
) -> None:
    person_id = (await add(bpa_api, admin)).json()["id"]

    await change(bpa_api, admin, person_id, password="another horse battery")

    assert not await can_sign_in(bpa_api, OLGA["password"])
    assert await can_sign_in(bpa_api, "another horse battery")


async def test_a_changed_role_holds_at_once(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, admin: SignedInExpert
) -> None:
    somebody = await sign_in(bpa_ports, Role.EXPERT)

    answer = await change(bpa_api, admin, somebody.expert.id, role="auditor")

    assert answer.json()["role"] == "auditor"
    assert (await bpa_api.get("/api/v1/audit", headers=somebody.headers)).status_code == 200


async def test_who_was_switched_off_is_out_at_once_and_can_be_let_in_again(
    bpa_api: httpx.AsyncClient, admin: SignedInExpert
) -> None:
    person_id = (await add(bpa_api, admin)).json()["id"]

    await change(bpa_api, admin, person_id, active=False)
    assert not await can_sign_in(bpa_api, OLGA["password"])

    await change(bpa_api, admin, person_id, active=True)
    assert await can_sign_in(bpa_api, OLGA["password"])


@pytest.mark.parametrize("fields", [{"active": False}, {"role": "expert"}])
async def test_nobody_locks_themself_out(
    bpa_api: httpx.AsyncClient, admin: SignedInExpert, fields: dict[str, object]
) -> None:
    answer = await change(bpa_api, admin, admin.expert.id, **fields)

    assert (answer.status_code, answer.json()["code"]) == (409, "own_access")


async def test_a_change_says_on_the_audit_log_what_but_not_to_what_password(
    bpa_api: httpx.AsyncClient, admin: SignedInExpert
) -> None:
    person_id = (await add(bpa_api, admin)).json()["id"]
    await change(bpa_api, admin, person_id, display_name="Olga", password="another horse battery")

    newest = (await bpa_api.get("/api/v1/audit", headers=admin.headers)).json()["items"][0]

    assert (newest["act"], newest["actor_id"]) == ("person_changed", str(admin.expert.id))
    assert newest["details"] == {
        "person_id": person_id,
        "changed": ["display_name", "password"],
        "role": "senior",
        "active": True,
    }


async def test_somebody_unknown_cannot_be_changed(bpa_api: httpx.AsyncClient, admin: SignedInExpert) -> None:
    assert (await change(bpa_api, admin, new_id(), display_name="Nobody")).status_code == 404


async def test_the_list_comes_page_by_page(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, admin: SignedInExpert
) -> None:
    for login in ("vera", "anna", "boris"):
        await sign_in(bpa_ports, Role.EXPERT, login)
    logins: list[str] = []
    address: str | None = "/api/v1/people?limit=2"
    while address:
        answer = await bpa_api.get(address, headers=admin.headers)
        logins += [person["login"] for person in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url")

    assert logins == ["anna", "boris", "bpa_admin", "vera"]


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "WzFd",  # [1]
        "WyJcdTAwMDAiXQ",  # NUL
        "WyJcdWQ4MDAiXQ",  # half of a surrogate pair
        "e30",  # {}
        "W10",  # []
        "Ww",  # [
    ],
)
async def test_a_cursor_made_by_hand_is_refused(
    bpa_api: httpx.AsyncClient, admin: SignedInExpert, cursor: str
) -> None:
    answer = await bpa_api.get(f"/api/v1/people?cursor={cursor}", headers=admin.headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    "fields",
    [
        {"login": "o"},
        {"login": "ol ga"},
        {"login": "o" * 65},
        {"login": "ольга"},
        {"display_name": " "},
        {"role": "director"},
        {"password": "too short"},
        {"password": "x" * 129},
        {"active": True},
    ],
)
async def test_malformed_people_are_refused(
    bpa_api: httpx.AsyncClient, admin: SignedInExpert, fields: dict[str, Any]
) -> None:
    answer = await add(bpa_api, admin, **fields)

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
