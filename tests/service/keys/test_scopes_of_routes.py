"""Every route x every scope, read off the application: a key opens what names its scope, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPBearer

from api_contracts import generate
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from service_kit.http.access import routes_of
from service_kit.http.openapi import operations
from service_kit.http.route import CheckedRoute
from tests.service.inspections.conftest import Person
from tests.service.uploads.phone import tus_headers
from tests.support.api import running
from tests.support.clients import Firm
from tests.support.limits import UNLIMITED
from tests.support.programs import make_key

CONTRACT: Final = Path(generate.__file__).parent / "openapi" / "cabinet" / "v1.json"
NOTHING: Final = UUID(int=7)
OF_KEYS: Final = {"ApiKey", "ClientCredentials"}


def asks_who_calls(dependant: Dependant) -> bool:
    return isinstance(dependant.call, HTTPBearer) or any(map(asks_who_calls, dependant.dependencies))


def routes(settings: Settings) -> Iterator[tuple[str, CheckedRoute]]:
    """Those for whoever is signed in."""
    for route in routes_of(create_app(settings)):
        if isinstance(route, CheckedRoute) and asks_who_calls(route.dependant):
            for method in sorted(route.methods or ()):
                yield method, route


def address(route: CheckedRoute) -> str:
    return route.path_format.format(**dict.fromkeys(route.param_convertors, str(NOTHING)))


async def test_a_key_opens_the_routes_of_its_scope_and_no_other(
    cabinet_settings: Settings, boss: Person, firm: Firm
) -> None:
    settings = cabinet_settings.model_copy(update=UNLIMITED)
    table = list(routes(settings))
    opened = {route.key_scope for _, route in table}
    assert None in opened
    assert len(table) > 60
    async with running(create_app(settings)) as api:
        for scope in KeyScope:
            key = await make_key(boss, firm, scope, scopes=[scope])
            for method, route in table:
                answer = await ask(api, method, route, key.text)
                code = None if method == "HEAD" or answer.status_code < 400 else answer.json()["code"]
                where = (method, route.path_format, scope, answer.status_code, code)
                if route.key_scope == scope:
                    assert answer.status_code not in (401, 403), where
                    assert answer.status_code < 500, where
                else:
                    assert answer.status_code == 403, where
                    expected = "closed_to_keys" if route.key_scope is None else "scope_missing"
                    assert method == "HEAD" or code == expected, where


async def ask(api: httpx.AsyncClient, method: str, route: CheckedRoute, key: str) -> httpx.Response:
    metadata = {"inspection_id": str(NOTHING), "shot": "front", "sha256": "ab" * 32}
    headers = tus_headers(metadata, size=4) | {"Upload-Offset": "0"} if "uploads" in route.path else {}
    headers |= {"Authorization": f"Bearer {key}", "Idempotency-Key": "of-this-request"}
    return await api.request(method, address(route), headers=headers)


def test_the_contract_tells_of_each_operation_which_scope_it_asks_for(cabinet_settings: Settings) -> None:
    document = json.loads(CONTRACT.read_text(encoding="utf-8"))
    asked = {(method, route.path_format): route.key_scope for method, route in routes(cabinet_settings)}
    for where, operation in operations(document):
        told = [scopes for one in operation["security"] for name, scopes in one.items() if name in OF_KEYS]
        scope = asked.get(where)
        assert told == ([] if scope is None else [[scope], [scope]]), where
    flow = document["components"]["securitySchemes"]["ClientCredentials"]["flows"]["clientCredentials"]
    assert flow["scopes"].keys() == {*KeyScope}
    assert flow["tokenUrl"] == "/oauth/token"
