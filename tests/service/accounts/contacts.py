"""Somebody who adds contacts, and what is told of it."""

from typing import Any
from uuid import UUID

import httpx

from cabinet_service.accounts import adding
from cabinet_service.accounts.domain import code_of, parse_contact
from cabinet_service.api_ports import ApiPorts
from cabinet_service.wiring import work_handlers
from service_kit.db import database_now
from tests.support.clients import SignedInClient
from tests.support.delivery import do_work

MAIL, PHONE, OTHER = "anna@example.com", "+79211234567", "boris@example.com"


class Adding:
    """Anna at the form."""

    def __init__(self, api: httpx.AsyncClient, ports: ApiPorts, who: SignedInClient) -> None:
        self.api, self.ports, self.who = api, ports, who

    async def ask(self, contact: str = PHONE) -> httpx.Response:
        body = {"contact": contact}
        return await self.api.post("/api/v1/me/contact-codes", json=body, headers=self.who.headers)

    async def asked(self, contact: str = PHONE) -> str:
        """The id of a challenge, past the limits of the API."""
        async with self.ports.backbone.database.writing() as session:
            challenge = await adding.request_code(
                session,
                self.who.account_id,
                parse_contact(contact),
                language="ru",
                valid_for=self.ports.settings.sign_in_code_length,
                now=await database_now(session),
            )
        return str(challenge.id)

    def code(self, challenge_id: str) -> str:
        return code_of(UUID(challenge_id), self.ports.secrets)

    async def enter(self, challenge_id: str, code: str | None = None) -> httpx.Response:
        body = {"challenge_id": challenge_id, "code": code or self.code(challenge_id)}
        return await self.api.post("/api/v1/me/contacts", json=body, headers=self.who.headers)

    async def contacts(self) -> list[str]:
        me = (await self.api.get("/api/v1/me", headers=self.who.headers)).json()
        return [one["value"] for one in me["contacts"]]

    async def letters(self) -> list[dict[str, Any]]:
        """What was sent, after the worker did what there was to do."""
        await do_work(self.ports.backbone, work_handlers(self.ports))
        found: list[dict[str, Any]] = (await self.api.get("/dev/outbox.json")).json()["messages"]
        return found


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def audited(ports: ApiPorts) -> list[str]:
    async with ports.backbone.database.reading() as session:
        rows = await session.fetch("SELECT act, details::text AS details FROM audit_entries ORDER BY at")
    assert not any(PHONE in row["details"] or MAIL in row["details"] for row in rows)
    return [row["act"] for row in rows]
