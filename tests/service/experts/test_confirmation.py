"""A session alone, which may be stolen, gives nobody access; and whose access is changed is told."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import CONFIRMED_FOR, Role
from bpa_service.experts.models import ExpertSession
from service_kit.ids import new_id
from tests.service.experts.conftest import Headers, Newcomer, let_work
from tests.support.experts import SignedInExpert, sign_in

NEW = {"login": "olga", "display_name": "Ольга", "role": "bpa_admin", "password": "correct horse battery"}

Try = Callable[[httpx.AsyncClient, Headers, Any], Awaitable[httpx.Response]]


async def add(api: httpx.AsyncClient, headers: Headers, _person_id: Any) -> httpx.Response:
    return await api.post("/api/v1/people", json=NEW, headers=headers | {"Idempotency-Key": str(new_id())})


async def set_password(api: httpx.AsyncClient, headers: Headers, person_id: Any) -> httpx.Response:
    change = {"password": "another horse battery"}
    return await api.patch(f"/api/v1/people/{person_id}", json=change, headers=headers)


async def promote(api: httpx.AsyncClient, headers: Headers, person_id: Any) -> httpx.Response:
    return await api.patch(f"/api/v1/people/{person_id}", json={"role": "bpa_admin"}, headers=headers)


async def reset(api: httpx.AsyncClient, headers: Headers, person_id: Any) -> httpx.Response:
    return await api.delete(f"/api/v1/people/{person_id}/second-factors", headers=headers)


async def age(ports: ApiPorts, passed: timedelta) -> None:
    """As if every session had shown its second factor so much longer ago."""
    async with ports.backbone.database.writing() as session:
        await session.execute(update(ExpertSession).values(confirmed_at=ExpertSession.confirmed_at - passed))


async def notices(api: httpx.AsyncClient, headers: Headers) -> list[dict[str, Any]]:
    answer = await api.get("/api/v1/me/notices", headers=headers)
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
async def admin(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> tuple[Newcomer, Headers]:
    """An administrator with an authenticator app, and their session."""
    person = Newcomer(bpa_api, bpa_ports, await let_work(bpa_ports, "alla", Role.BPA_ADMIN))
    headers = await person.signed_in()
    await person.enrol(headers)
    return person, headers


@pytest.mark.parametrize("attempt", [add, set_password, promote, reset])
async def test_what_gives_access_asks_for_a_fresh_code(
    nora: Newcomer, admin: tuple[Newcomer, Headers], attempt: Try
) -> None:
    person, headers = admin
    await age(nora.ports, CONFIRMED_FOR + timedelta(seconds=1))

    refused = await attempt(nora.api, headers, nora.expert.id)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")

    wrong = await person.post("/me/confirmation", headers, {"code": await person.wrong_code()})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "second_factor_wrong")
    assert (await attempt(nora.api, headers, nora.expert.id)).status_code == 403

    await person.wait()
    right = await person.post("/me/confirmation", headers, {"code": await person.code()})
    assert right.status_code == 204
    assert (await attempt(nora.api, headers, nora.expert.id)).status_code in (200, 201, 204)


async def test_another_session_of_the_same_person_is_not_confirmed_with_it(
    nora: Newcomer, admin: tuple[Newcomer, Headers]
) -> None:
    person, headers = admin
    elsewhere = await person.signed_in(await person.code())
    await age(nora.ports, CONFIRMED_FOR + timedelta(seconds=1))

    await person.post("/me/confirmation", headers, {"code": await person.code()})

    assert (await promote(nora.api, elsewhere, nora.expert.id)).status_code == 403
    assert (await promote(nora.api, headers, nora.expert.id)).status_code == 200


async def test_whose_access_was_changed_is_told_by_whom_until_they_have_read_it(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    admin = await sign_in(bpa_ports, Role.BPA_ADMIN)
    somebody = await sign_in(bpa_ports, Role.EXPERT)
    await bpa_api.patch(
        f"/api/v1/people/{somebody.expert.id}", json={"display_name": "Anna"}, headers=admin.headers
    )
    await promote(bpa_api, admin.headers, somebody.expert.id)
    await set_password(bpa_api, admin.headers, somebody.expert.id)
    await reset(bpa_api, admin.headers, somebody.expert.id)
    again = await sign_in(bpa_ports, Role.EXPERT)

    told = await notices(bpa_api, again.headers)

    assert [one["kind"] for one in told] == ["role_changed", "password_set", "second_factors_reset"]
    assert {one["by_name"] for one in told} == {"Bpa_Admin"}
    for one in told:
        done = await bpa_api.delete(f"/api/v1/me/notices/{one['id']}", headers=again.headers)
        assert done.status_code == 204
    assert await notices(bpa_api, again.headers) == []


async def test_a_notice_is_nobody_elses_to_read_away(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> None:
    admin: SignedInExpert = await sign_in(bpa_ports, Role.BPA_ADMIN)
    somebody = await sign_in(bpa_ports, Role.EXPERT)
    await promote(bpa_api, admin.headers, somebody.expert.id)
    [notice] = await notices(bpa_api, somebody.headers)

    await bpa_api.delete(f"/api/v1/me/notices/{notice['id']}", headers=admin.headers)

    assert await notices(bpa_api, somebody.headers) == [notice]
    assert await notices(bpa_api, admin.headers) == []


async def test_administrators_are_told_of_another_one(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    admin = await sign_in(bpa_ports, Role.BPA_ADMIN)
    other = await sign_in(bpa_ports, Role.BPA_ADMIN, "other")
    before = await notices(bpa_api, other.headers)

    await add(bpa_api, admin.headers, None)

    [told] = [one for one in await notices(bpa_api, other.headers) if one not in before]
    assert (told["kind"], told["about_name"], told["by_name"]) == (
        "administrator_added",
        "Ольга",
        "Bpa_Admin",
    )
