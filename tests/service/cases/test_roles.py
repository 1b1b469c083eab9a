"""Who may call which route about cases. A route that is not in this table fails here."""

from typing import Final
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from tests.service.exemplars.test_roles import TABLE as EXEMPLARS
from tests.service.experts.test_roles import PUBLIC, public_api
from tests.service.experts.test_roles import TABLE as OTHERS
from tests.support.experts import sign_in

EVERYBODY: Final = frozenset(Role)
WORKERS: Final = frozenset({Role.EXPERT, Role.SENIOR})
SENIORS: Final = frozenset({Role.SENIOR})
OVERSEERS: Final = frozenset({Role.SHIFT_LEAD, Role.BPA_ADMIN, Role.AUDITOR})
LEADS: Final = frozenset({Role.SHIFT_LEAD})
CASE: Final = "/api/v1/cases/{case_id}"

TABLE: Final = {
    ("GET", "/api/v1/queue"): EVERYBODY,
    ("POST", "/api/v1/queue/next"): WORKERS,
    ("GET", "/api/v1/queue/counts"): EVERYBODY,
    ("GET", "/api/v1/queue/arrangement"): EVERYBODY,
    ("PUT", "/api/v1/queue/arrangement/snoozed/{case_id}"): EVERYBODY,
    ("DELETE", "/api/v1/queue/arrangement/snoozed"): EVERYBODY,
    ("PUT", "/api/v1/queue/arrangement/views"): EVERYBODY,
    ("DELETE", "/api/v1/queue/arrangement/views"): EVERYBODY,
    ("GET", "/api/v1/cases"): EVERYBODY,
    ("GET", "/api/v1/search/cases"): EVERYBODY,
    ("GET", "/api/v1/search/vehicles"): EVERYBODY,
    ("GET", "/api/v1/search/state"): OVERSEERS,
    ("GET", "/api/v1/search/views"): EVERYBODY,
    ("PUT", "/api/v1/search/views"): EVERYBODY,
    ("DELETE", "/api/v1/search/views"): EVERYBODY,
    ("GET", "/api/v1/stream"): EVERYBODY,
    ("GET", CASE): EVERYBODY,
    ("GET", f"{CASE}/known"): EVERYBODY,
    ("GET", f"{CASE}/graph"): EVERYBODY,
    ("GET", f"{CASE}/vehicle/enquiries"): EVERYBODY,
    ("POST", f"{CASE}/vehicle/enquiries"): WORKERS,
    ("GET", f"{CASE}/vehicle"): EVERYBODY,
    ("GET", "/api/v1/vehicles/{name}/{value}"): EVERYBODY,
    ("PUT", f"{CASE}/ties/{{other_id}}"): WORKERS | LEADS,
    ("DELETE", f"{CASE}/ties/{{other_id}}"): WORKERS | LEADS,
    ("GET", f"{CASE}/readings"): EVERYBODY,
    ("PUT", f"{CASE}/evidence/{{evidence_id}}/reading"): WORKERS,
    ("DELETE", f"{CASE}/evidence/{{evidence_id}}/reading"): WORKERS,
    ("GET", f"{CASE}/clock"): EVERYBODY,
    ("GET", f"{CASE}/reports"): EVERYBODY,
    ("POST", f"{CASE}/report/preview"): EVERYBODY,
    ("GET", f"{CASE}/timeline"): EVERYBODY,
    ("GET", f"{CASE}/afterwards"): EVERYBODY,
    ("GET", "/api/v1/statistics/answers"): frozenset(Role) - {Role.EXPERT},
    ("GET", f"{CASE}/messages"): EVERYBODY,
    ("GET", f"{CASE}/evidence/{{evidence_id}}"): EVERYBODY,
    ("POST", f"{CASE}/lease"): WORKERS,
    ("PUT", f"{CASE}/lease"): WORKERS,
    ("DELETE", f"{CASE}/lease"): WORKERS,
    ("POST", f"{CASE}/reassignment"): LEADS,
    ("POST", f"{CASE}/handover"): WORKERS | LEADS,
    ("POST", f"{CASE}/unprocessable"): WORKERS | LEADS,
    ("POST", f"{CASE}/info-tasks"): WORKERS,
    ("DELETE", f"{CASE}/info-tasks/{{task_id}}"): WORKERS,
    ("POST", f"{CASE}/messages"): WORKERS,
    ("POST", f"{CASE}/notes"): WORKERS,
    ("POST", f"{CASE}/findings"): WORKERS,
    ("PATCH", f"{CASE}/findings/{{finding_id}}"): WORKERS,
    ("DELETE", f"{CASE}/findings/{{finding_id}}"): WORKERS,
    ("PUT", f"{CASE}/findings/{{finding_id}}/withdrawal"): WORKERS,
    ("PUT", f"{CASE}/findings/{{finding_id}}/explanation"): WORKERS,
    ("DELETE", f"{CASE}/findings/{{finding_id}}/explanation"): WORKERS,
    ("PUT", f"{CASE}/checks"): WORKERS,
    ("DELETE", f"{CASE}/checks"): WORKERS,
    ("PUT", f"{CASE}/checks/{{check_id}}"): WORKERS,
    ("DELETE", f"{CASE}/checks/{{check_id}}"): WORKERS,
    ("PUT", f"{CASE}/draft"): WORKERS,
    ("PUT", f"{CASE}/priority"): LEADS,
    ("PUT", f"{CASE}/presence"): EVERYBODY,
    ("DELETE", f"{CASE}/presence"): EVERYBODY,
    ("POST", f"{CASE}/second-opinion"): WORKERS,
    ("POST", f"{CASE}/second-opinion/answer"): SENIORS,
    ("DELETE", f"{CASE}/second-opinion"): WORKERS,
    ("POST", f"{CASE}/decision"): WORKERS,
    ("POST", f"{CASE}/amendments"): SENIORS,
    ("GET", "/api/v1/incidents"): EVERYBODY,
    ("POST", "/api/v1/incidents"): LEADS,
    ("DELETE", "/api/v1/incidents/{incident_id}"): LEADS,
}


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
