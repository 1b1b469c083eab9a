"""Every answer of both apps tells a browser what it must not do with it."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from bpa_service.entrypoints.app import create_app as create_bpa
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.http.middleware import SecurityHeaders
from service_kit.http.route import CheckedRoute
from tests.support.api import running

SOMETHING: Final = "00000000-0000-0000-0000-000000000007"
HTTPS: Final = "https://autodetective.example"


def addresses(routes: Any) -> Iterator[tuple[str, str]]:
    """Method and path of every route, of included routers too."""
    for route in routes:
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                yield method, route.path
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from addresses(router.routes)


def filled(path: str) -> str:
    return "/".join(SOMETHING if part.startswith("{") else part for part in path.split("/"))


def missing(answer: httpx.Response) -> set[str]:
    """The headers that an answer should have and has not."""
    wanted = SecurityHeaders.HEADERS | {"strict-transport-security": ""}
    return {name for name in wanted if name not in answer.headers}


broken = APIRouter(route_class=CheckedRoute)


@broken.get("/broken")
async def fail() -> None:
    raise RuntimeError("a fault of ours")


@pytest.fixture(params=["cabinet", "bpa"])
def app(
    request: pytest.FixtureRequest, cabinet_settings: CabinetSettings, bpa_settings: BpaSettings
) -> FastAPI:
    if request.param == "cabinet":
        return create_cabinet(cabinet_settings.model_copy(update={"public_url": HTTPS}))
    return create_bpa(bpa_settings.model_copy(update={"public_url": HTTPS}))


async def test_every_route_and_every_failure_is_answered_with_all_headers(app: FastAPI) -> None:
    app.include_router(broken)
    async with running(app) as client:
        found = set(addresses(app.routes))
        assert len(found) > 25
        assert any(path.startswith("/internal/v1/queues") for _, path in found)
        for method, path in found:
            answer = await client.request(method, filled(path))
            assert not missing(answer), (method, path, answer.status_code)
        failures = {
            404: ("GET", "/api/v1/nowhere", b""),
            405: ("PUT", "/livez", b""),
            413: ("POST", "/api/v1/auth/sessions", b" " * 200_000),
            422: ("GET", "/%00", b""),
            500: ("GET", "/broken", b""),
        }
        for status, (method, path, body) in failures.items():
            answer = await client.request(method, path, content=body)
            assert (answer.status_code, missing(answer)) == (status, set())
            assert answer.headers["x-correlation-id"] == answer.json()["correlation_id"]


async def test_data_is_never_a_page(app: FastAPI) -> None:
    async with running(app) as client:
        answer = await client.get("/api/v1/me")
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_without_https_nobody_is_told_to_use_it(bpa_api: httpx.AsyncClient) -> None:
    assert "strict-transport-security" not in (await bpa_api.get("/livez")).headers


async def test_pages_that_load_scripts_from_elsewhere_are_for_development_only(
    bpa_settings: BpaSettings,
) -> None:
    async with running(create_bpa(bpa_settings)) as client:
        assert "cdn.jsdelivr.net" in (await client.get("/docs")).headers["content-security-policy"]
    async with running(create_bpa(bpa_settings.model_copy(update={"environment": "production"}))) as client:
        assert (await client.get("/docs")).status_code == 404
        assert (await client.get("/redoc")).status_code == 404
