"""A company whose server is told what happens, and the worker's sender."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.webhooks import receiver, signing
from cabinet_service.webhooks.sending import WebhookSender
from service_kit.sealing import Seal
from shared_schemas.webhooks import WebhookType
from tests.service.inspections.conftest import (
    Case,
    Company,
    Json,
    Person,
    Submitted,
    bpa,
    client,
    company,
    photo,
    sign_up,
    stranger,
    submitted,
    work,
)
from tests.support.partner_server import PartnerServer, partner_server

__all__ = ["bpa", "client", "company", "photo", "sign_up", "stranger", "submitted", "work"]

ALL = [kind for kind in WebhookType if kind is not WebhookType.TEST]


@pytest.fixture
async def partner() -> AsyncGenerator[PartnerServer]:
    async with partner_server() as server:
        yield server


@pytest.fixture
async def sender(cabinet_ports: ApiPorts) -> AsyncGenerator[WebhookSender]:
    backbone, settings = cabinet_ports.backbone, cabinet_ports.settings
    seal = Seal(settings.secret_keys, purpose=signing.SEALED)
    async with receiver.open_client(is_development=True) as http:
        yield WebhookSender(backbone.database, backbone.listener, http, seal)


class Admin:
    """Who manages the company's addresses, over the API."""

    def __init__(self, person: Person, company: Company) -> None:
        self.person = person
        self.path = f"/companies/{company.id}/webhooks"

    async def add(self, url: str, events: list[WebhookType] = ALL, **more: Any) -> Json:
        answer = await self.person.post(self.path, {"url": url, "events": events, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def deliveries(self, webhook: Json, **asked: Any) -> list[Json]:
        """The youngest first."""
        answer = await self.person.get(f"{self.path}/{webhook['id']}/deliveries", **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def detail(self, webhook: Json, event_id: str) -> Json:
        return (await self.person.get(f"{self.path}/{webhook['id']}/deliveries/{event_id}")).json()

    async def shown(self, webhook: Json) -> Json:
        return (await self.person.get(f"{self.path}/{webhook['id']}")).json()


@pytest.fixture
def admin(company: Company) -> Admin:
    return Admin(company.admin, company)


@pytest.fixture
async def ordered(bpa: Any, submitted: Submitted, company: Company) -> Any:
    """Sends an inspection for the first branch of the company, by its agent."""

    async def order() -> Case:
        body = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
        return Case(bpa, await submitted(company.agents[0], **body))

    return order
