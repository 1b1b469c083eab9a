"""Who may call which route about cases. A route that is not in this table fails here."""

from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from tests.service.cases.roles import TABLE
from tests.service.exemplars.roles import TABLE as EXEMPLARS
from tests.service.experts.roles import PUBLIC, public_api
from tests.service.experts.roles import TABLE as OTHERS
from tests.support.experts import sign_in


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


def test_every_route_about_cases_is_in_the_table(app: FastAPI) -> None:
    assert public_api(app).keys() - OTHERS.keys() - EXEMPLARS.keys() - PUBLIC == TABLE.keys()


@pytest.mark.parametrize("role", Role)
async def test_only_the_roles_of_the_table_come_in(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, role: Role
) -> None:
    caller = await sign_in(bpa_ports, role)

    for address, allowed in TABLE.items():
        if role in allowed and address[1].endswith("/stream"):
            continue  # it never ends; test_stream listens to it
        answer = await call(bpa_api, address, caller.headers)
        if role in allowed:
            assert answer.status_code not in (401, 403), address
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), address


async def test_nobody_comes_in_without_signing_in(bpa_api: httpx.AsyncClient) -> None:
    for address in TABLE:
        assert (await call(bpa_api, address, {})).status_code == 401, address


async def call(api: httpx.AsyncClient, address: tuple[str, str], headers: dict[str, str]) -> httpx.Response:
    """About things that do not exist."""
    method, path = address
    names = ("case_id", "evidence_id", "task_id", "finding_id", "incident_id", "check_id", "other_id")
    body: dict[str, object] | None = None if method == "GET" else {}
    headers = headers | {"Idempotency-Key": uuid4().hex, "If-Match": '"1"'}
    return await api.request(
        method,
        path.format(name="vin", value="XTA21144094700001", **{name: UUID(int=7) for name in names}),
        headers=headers,
        json=body,
    )
