"""Who may call which route about exemplars. That a route is in some table: tests/service/cases/test_roles.py."""

from uuid import UUID

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import Role
from tests.service.exemplars.roles import TABLE
from tests.support.experts import sign_in


@pytest.mark.parametrize("role", Role)
async def test_only_the_roles_of_the_table_come_in(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, role: Role
) -> None:
    caller = await sign_in(bpa_ports, role)

    for address, allowed in TABLE.items():
        answer = await call(bpa_api, address, caller.headers)
        if role in allowed:
            assert answer.status_code not in (401, 403), address
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), address


async def test_nobody_comes_in_without_signing_in(bpa_api: httpx.AsyncClient) -> None:
    for address in TABLE:
        assert (await call(bpa_api, address, {})).status_code == 401, address


async def call(api: httpx.AsyncClient, address: tuple[str, str], headers: dict[str, str]) -> httpx.Response:
    """About one that does not exist."""
    method, path = address
    body: dict[str, object] | None = None if method == "GET" else {}
    ids = dict.fromkeys(("exemplar_id", "case_id", "evidence_id"), UUID(int=7))
    return await api.request(method, path.format(**ids), headers=headers, json=body)
