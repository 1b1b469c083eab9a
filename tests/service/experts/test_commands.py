"""The commands of bpa that are about people."""

import asyncio
import io
import json
from typing import Any

import httpx
import pytest
from pyotp.totp import TOTP

from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.commands import command_line
from bpa_service.experts import queries
from bpa_service.experts.domain import Role
from bpa_service.experts.tokens import service as tokens
from bpa_service.experts.tokens.domain import TokenScope
from bpa_service.experts.tokens.schemas import ExpertTokenIn
from bpa_service.playbook import queries as playbook
from bpa_service.playbook import starter
from bpa_service.settings import Settings
from service_kit.db import database_now
from shared_schemas.words import Verdict
from tests.support.experts import sign_in

PASSWORD = "0123456789abcdef"


@pytest.fixture(autouse=True)
def environment(bpa_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("BPA_ENVIRONMENT", "development")
    monkeypatch.setenv("BPA_DATABASE_URL", bpa_settings.database_url)
    monkeypatch.setenv("BPA_SERVICE_KEYS", ",".join(bpa_settings.service_keys))
    monkeypatch.setenv("BPA_SECRET_KEYS", ",".join(bpa_settings.secret_keys))
    monkeypatch.setenv("BPA_DEMO_PASSWORD", PASSWORD)
    return monkeypatch


async def run(*words: str) -> int:
    """In a thread, because a command brings its own event loop."""
    return await asyncio.to_thread(command_line().main, words)


async def demo_people(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert await run("demo-people") == 0
    return json.loads(capsys.readouterr().out)


async def hashes(ports: ApiPorts, people: list[dict[str, Any]]) -> dict[str, str]:
    async with ports.backbone.database.reading() as session:
        known = [await queries.credential(session, person["login"]) for person in people]
    return {one.expert.login: one.password_hash for one in known if one is not None}


async def can_sign_in(api: httpx.AsyncClient, person: dict[str, Any]) -> bool:
    body = {"login": person["login"], "password": person["password"], "carrier": "bearer"}
    if "totp_secret" in person:
        body["code"] = TOTP(person["totp_secret"]).now()
    answer = await api.post("/api/v1/auth/sessions", json=body)
    return answer.status_code == 201 and answer.json()["expert"]["role"] == person["role"]


async def test_demo_people_of_every_role_can_sign_in(
    bpa_api: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    people = await demo_people(capsys)

    assert [(person["login"], person["role"]) for person in people] == [
        ("anna", "expert"),
        ("boris", "expert"),
        ("vera", "senior"),
        ("lead", "shift_lead"),
        ("admin", "bpa_admin"),
        ("auditor", "auditor"),
    ]
    assert all([await can_sign_in(bpa_api, person) for person in people])


async def test_made_again_they_are_the_same_people(
    bpa_ports: ApiPorts, capsys: pytest.CaptureFixture[str]
) -> None:
    people = await demo_people(capsys)
    before = await hashes(bpa_ports, people)

    assert await demo_people(capsys) == people
    assert await hashes(bpa_ports, people) == before


async def test_they_take_over_a_new_password(
    bpa_api: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    old = await demo_people(capsys)
    environment.setenv("BPA_DEMO_PASSWORD", PASSWORD[::-1])
    new = await demo_people(capsys)

    assert await can_sign_in(bpa_api, new[0])
    assert not await can_sign_in(bpa_api, old[0])


@pytest.mark.parametrize(
    "variables",
    [{"BPA_ENVIRONMENT": "production", "BPA_CACHE_URL": "redis://cache"}, {"BPA_DEMO_PASSWORD": ""}],
)
async def test_they_are_refused_in_production_and_without_a_password(
    bpa_ports: ApiPorts,
    capsys: pytest.CaptureFixture[str],
    environment: pytest.MonkeyPatch,
    variables: dict[str, str],
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)

    assert await run("demo-people") == 1
    assert next(iter(variables)) in capsys.readouterr().err
    assert await hashes(bpa_ports, [{"login": "anna"}]) == {}


async def test_a_person_is_added_with_the_password_that_is_piped_in(
    bpa_api: httpx.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("sys.stdin", io.StringIO("correct horse battery\n"))

    assert await run("person-add", "olga", "Ольга", "senior") == 0
    assert await can_sign_in(
        bpa_api, {"login": "olga", "password": "correct horse battery", "role": "senior"}
    )


@pytest.mark.parametrize(
    ("words", "password", "reason"),
    [
        (("olga", "Ольга", "senior"), "short", "password"),
        (("o", "Ольга", "senior"), "correct horse battery", "login"),
    ],
)
async def test_why_a_person_is_not_added_is_said(
    words: tuple[str, ...],
    password: str,
    reason: str,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    assert await run("person-add", *words) == 1
    error = capsys.readouterr().err
    assert reason in error
    assert password not in error


async def test_a_login_that_is_taken_is_said(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in (0, 1):
        environment.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
        assert await run("person-add", "olga", "Ольга", "senior") == code

    assert "olga" in capsys.readouterr().err


async def test_what_is_missing_in_the_environment_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("BPA_SERVICE_KEYS")

    with pytest.raises(SystemExit, match="BPA_SERVICE_KEYS"):
        await run("demo-people")


async def test_a_playbook_to_begin_with_is_put_in_place_once(bpa_ports: ApiPorts) -> None:
    assert await run("starter-playbook", "nobody") == 1
    await sign_in(bpa_ports, Role.BPA_ADMIN, "keeper")

    for _ in range(2):
        assert await run("starter-playbook", "keeper") == 0

    async with bpa_ports.backbone.database.reading() as session:
        checks = await playbook.checks(session)
        assert [(check.text_en, (check.odd_text, check.odd_text_en)) for check in checks] == [
            (text_en, odd) for _, _, text_en, _, odd in starter.CHECKS
        ]
        templates = await playbook.templates(session)
    assert len(templates) == 2 * len(starter.TEMPLATES)
    assert {template.language for template in templates} == {"ru", "en"}
    assert {template.verdict for template in templates if template.title == "No signs"} == {"clean"}
    # Whatever the verdict, there is something to do.
    assert {template.verdict for template in templates if template.kind == "advice"} == set(Verdict)


async def test_all_ways_in_of_before_a_backup_are_ended(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, capsys: pytest.CaptureFixture[str]
) -> None:
    people = await demo_people(capsys)
    assert await can_sign_in(bpa_api, people[0])
    wanted = ExpertTokenIn(name="My tool", scopes=[TokenScope.QUEUE_READ])
    async with bpa_ports.backbone.database.writing() as session:
        known = await queries.credential(session, people[0]["login"])
        assert known is not None
        [(session_id,)] = await session.fetch("SELECT id FROM expert_sessions")
        now = await database_now(session)
        form = bpa_ports.settings.token_form
        await tokens.make(session, wanted, form=form, by=known.expert, session_id=session_id, now=now)
    for instant, ended in (
        ("2026-01-01T00:00:00Z", 0),
        ("9999-01-01T00:00:00Z", 1),
        ("9999-01-01T00:00:00Z", 0),
    ):
        assert await run("ways-in-end", "--made-before", instant) == 0
        assert capsys.readouterr().out == f"ended: {ended} sessions, {ended} personal tokens\n"
