"""Who may call what. A route that does not say so, or says something else than this table, fails here."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant

from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.dependencies import Only
from bpa_service.experts.domain import Role, Stage
from bpa_service.settings import Settings
from service_kit.http.access import routes_of
from tests.service.experts.roles import (
    PUBLIC,
    SIGN_OUT,
    TABLE,
    public_api,
)
from tests.support.experts import sign_in

# What somebody may do who has set up no second factor yet; nothing else.
WHILE_ENROLLING: Final = {
    SIGN_OUT,
    ("GET", "/api/v1/me"),
    ("GET", "/api/v1/me/second-factors"),
    ("POST", "/api/v1/me/totp"),
    ("POST", "/api/v1/me/totp/confirmation"),
}


SOMEBODY: Final = UUID(int=7)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    keys = ("k" * 16,)
    return create_app(
        Settings(
            cache_url="memory://",
            database_url="postgresql://nowhere",
            service_keys=keys,
            secret_keys=keys,
        )
    )


def declarations(dependant: Dependant) -> Iterator[Only]:
    """Every `only(...)` that a route depends on."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Only):
            yield dependency.call
        yield from declarations(dependency)


def test_every_route_says_who_may_call_it(app: FastAPI) -> None:
    found = public_api(app)
    silent = {address for address, route in found.items() if not list(declarations(route.dependant))}

    assert silent == PUBLIC
    assert TABLE.keys() <= found.keys()


def test_what_is_outside_of_the_public_api_is_the_peer_or_health(app: FastAPI) -> None:
    others = {route.path for route in routes_of(app)} - {path for _, path in public_api(app)}

    assert all(
        path.startswith("/internal/v1/")
        or path in ("/livez", "/readyz", "/metrics", "/openapi.json", "/docs")
        for path in others
    )


@pytest.mark.parametrize("role", Role)
async def test_only_the_roles_of_the_table_come_in(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, role: Role
) -> None:
    caller = await sign_in(bpa_ports, role)

    # Signing out comes last, or nobody would come in after it.
    for address, allowed in sorted(TABLE.items(), key=lambda row: row[0] == SIGN_OUT):
        answer = await call(bpa_api, address, caller.headers)
        if role in allowed:
            assert answer.status_code not in (401, 403), address
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), address


async def test_who_has_no_second_factor_yet_reaches_nothing_but_its_enrolment(
    app: FastAPI, bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    found = public_api(app)
    open_to_them = {
        address
        for address, route in found.items()
        if any(one.while_enrolling for one in declarations(route.dependant))
    }
    assert open_to_them == WHILE_ENROLLING

    # The role that may do most of what is asked here.
    caller = await sign_in(bpa_ports, Role.BPA_ADMIN, stage=Stage.ENROLLING)
    for address, route in found.items():
        if address in WHILE_ENROLLING | PUBLIC:
            continue
        ids = dict.fromkeys(route.param_convertors, SOMEBODY)
        path = address[1].format(**ids)
        answer = await bpa_api.request(address[0], path, headers=caller.headers, json={})
        assert (answer.status_code, answer.json()["code"]) == (
            403,
            "second_factor_enrolment_required",
        ), address


async def test_nobody_comes_in_without_signing_in(bpa_api: httpx.AsyncClient) -> None:
    for address in TABLE:
        assert (await call(bpa_api, address, {})).status_code == 401, address


async def call(api: httpx.AsyncClient, address: tuple[str, str], headers: dict[str, str]) -> httpx.Response:
    """With a body that changes nothing, about somebody who does not exist."""
    method, path = address
    body: dict[str, object] | None = None if method == "GET" else {}
    of_people = ("person_id", "session_id", "passkey_id", "notice_id", "device_id", "chat_id", "token_id")
    names = (*of_people, "template_id", "check_id", "import_id")
    ids = dict.fromkeys(names, SOMEBODY)
    path = path.format(**ids, source="no_such_source")
    return await api.request(method, path, headers=headers, json=body)
