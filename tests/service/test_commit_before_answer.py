"""An answer of success is a promise: it is given after the commit, and not when the commit fails."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import func, select

from cabinet_service.accounts import service
from cabinet_service.accounts.domain import code_of, parse_contact
from cabinet_service.accounts.models import Account, SignInChallenge, SignInSession
from cabinet_service.api_ports import ApiPorts
from service_kit.db import database_now


async def fail_commits_that_write(url: str, table: str) -> None:
    """Have every transaction that inserts into the table fail, but not before its COMMIT."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        f"""
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'the commit fails'; END $$;
        CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
        """
    )
    await connection.close()


async def a_challenge(ports: ApiPorts) -> UUID:
    async with ports.backbone.database.writing() as session:
        challenge = service.new_challenge(
            parse_contact("anna@example.com"),
            valid_for=timedelta(minutes=10),
            now=await database_now(session),
        )
        session.add(challenge)
    return challenge.id


async def sign_in(api: httpx.AsyncClient, challenge_id: UUID, ports: ApiPorts) -> httpx.Response:
    code = code_of(challenge_id, ports.secrets)
    body = {"challenge_id": str(challenge_id), "code": code, "carrier": "bearer"}
    return await api.post("/api/v1/auth/sessions", json=body)


async def test_what_was_committed_is_answered_with_success(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts
) -> None:
    answer = await sign_in(cabinet_api, await a_challenge(cabinet_ports), cabinet_ports)
    assert answer.status_code == 201


@pytest.mark.parametrize("table", ["sessions", "accounts"])
async def test_a_failing_commit_is_never_answered_with_success(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, cabinet_superuser_url: str, table: str
) -> None:
    challenge_id = await a_challenge(cabinet_ports)
    await fail_commits_that_write(cabinet_superuser_url, table)
    answer = await sign_in(cabinet_api, challenge_id, cabinet_ports)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "set-cookie" not in answer.headers
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Account)) == 0
        assert await session.scalar(select(func.count()).select_from(SignInSession)) == 0
        assert await session.scalar(select(SignInChallenge.consumed_at)) is None


async def test_an_accepted_answer_waits_for_its_commit_as_well(
    cabinet_api: httpx.AsyncClient, cabinet_superuser_url: str
) -> None:
    await fail_commits_that_write(cabinet_superuser_url, "outbox")
    answer = await cabinet_api.post("/api/v1/auth/codes", json={"contact": "anna@example.com"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
