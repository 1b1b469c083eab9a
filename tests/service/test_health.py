"""What load balancers, monitors and operators are told about a process, and how it ends."""

import time
from typing import Any

import asyncpg
import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from service_kit import migrations
from service_kit.http.serving import SHUTDOWN_TIMEOUT
from service_kit.revisions import Revisions
from tests.support import postgres
from tests.support.api import running
from tests.support.experts import sign_in
from tests.support.serving import served


async def lacking(settings: Settings) -> list[str]:
    """What /readyz says is not in order."""
    async with running(create_app(settings)) as api:
        answer = await api.get("/readyz")
    wrong = [f"{name}: {state}" for name, state in answer.json()["engines"].items() if state != "ok"]
    assert answer.status_code == (503 if wrong else 200)
    return wrong


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_health_is_told_to_those_who_want_no_body(bpa_api: httpx.AsyncClient, path: str) -> None:
    answer = await bpa_api.head(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == (await bpa_api.get(path)).headers["content-type"]


@pytest.mark.parametrize(
    ("settings", "sent", "status"),
    [
        ({"environment": "development"}, None, 200),
        ({"environment": "production"}, None, 404),
        ({"environment": "production"}, "", 404),
        ({"environment": "production", "metrics_token": "scrape me"}, None, 404),
        ({"environment": "production", "metrics_token": "scrape me"}, "scrape you", 404),
        ({"environment": "production", "metrics_token": "scrape me"}, "scrape me", 200),
        ({"environment": "development", "metrics_token": "scrape me"}, None, 404),
    ],
)
async def test_how_much_goes_on_is_told_to_whoever_has_the_token(
    bpa_settings: Settings, settings: dict[str, str], sent: str | None, status: int
) -> None:
    headers = {} if sent is None else {"Authorization": f"Bearer {sent}"}
    async with running(create_app(bpa_settings.model_copy(update=settings))) as api:
        assert (await api.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("settings", "status"),
    [({"environment": "production"}, 404), ({"environment": "production", "publishes_contract": True}, 200)],
)
async def test_production_shows_the_contract_only_if_it_is_to(
    bpa_settings: Settings, settings: dict[str, Any], status: int
) -> None:
    async with running(create_app(bpa_settings.model_copy(update=settings))) as api:
        contract = await api.get("/openapi.json")
        assert contract.status_code == status
        assert status == 404 or contract.json()["info"]["title"] == "Autodetective: bpa"
        assert (await api.get("/docs")).status_code == 404  # its scripts come from elsewhere


async def test_a_database_that_was_never_migrated_is_not_ready(
    bpa_settings: Settings, postgres_url: str
) -> None:
    async with postgres.empty_database(postgres_url) as url:
        settings = bpa_settings.model_copy(update={"database_url": postgres.as_service(url)})
        assert await lacking(settings) == ["migrations: NotMigrated"]


@pytest.mark.parametrize(
    ("revision", "wrong"),
    [("0001", ["migrations: NotMigrated"]), ("", ["migrations: NotMigrated"]), ("9999", [])],
)
async def test_an_older_database_is_not_ready_and_a_newer_one_is(
    bpa_settings: Settings, bpa_superuser_url: str, revision: str, wrong: list[str]
) -> None:
    """A newer version migrates before it starts: those that it replaces serve on meanwhile."""
    assert await lacking(bpa_settings) == []
    connection: Any = await asyncpg.connect(bpa_superuser_url)
    await connection.execute("DELETE FROM alembic_version")
    if revision:
        await connection.execute("INSERT INTO alembic_version VALUES ($1)", revision)
    await connection.close()
    assert await lacking(bpa_settings) == wrong


@pytest.mark.parametrize("service", ["cabinet", "bpa"])
def test_the_newest_revision_is_that_of_alembic(service: str) -> None:
    folder = postgres.migrations_folder(service)
    scripts = migrations.ScriptDirectory.from_config(
        migrations._config(folder, "")  # pyright: ignore[reportPrivateUsage] - a test looks inside
    )
    revisions = Revisions(folder)
    assert revisions.head == scripts.get_current_head()
    assert revisions.known == {script.revision for script in scripts.walk_revisions()}


async def test_open_streams_end_at_once_when_the_process_stops(
    bpa_settings: Settings, bpa_ports: ApiPorts
) -> None:
    headers = (await sign_in(bpa_ports, Role.EXPERT)).headers
    async with httpx.AsyncClient(timeout=60) as client:
        async with served(create_app(bpa_settings)) as url:
            streams = [
                await client.send(
                    client.build_request("GET", f"{url}/api/v1/stream", headers=headers), stream=True
                )
                for _ in range(3)
            ]
            lines = [stream.aiter_lines() for stream in streams]
            assert [await anext(line) for line in lines] == [": open"] * 3
            began = time.monotonic()
        took = time.monotonic() - began
        for stream in streams:
            await stream.aclose()
    assert took < SHUTDOWN_TIMEOUT / 2  # alone on a machine it takes 0.3 s
