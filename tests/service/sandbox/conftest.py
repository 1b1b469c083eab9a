"""Both services as a sandbox, a program of a company that orders in it, and the script that answers."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.ticking import ticker
from bpa_service.sandbox import playing
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.accounts.domain import Role
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.db import database_now
from shared_schemas import vin
from tests.service.inspections.conftest import Json, Person, photo
from tests.service.webhooks.conftest import partner, sender
from tests.support import clients
from tests.support.both_services import BothServices, both
from tests.support.programs import Key, make_key

__all__ = ["partner", "photo", "sender"]


def number(word: str, serial: int = 1) -> str:
    """A number of the sandbox, with the check digit that belongs there."""
    draft = f"0AD{word}0R{serial:07d}"
    return f"{draft[:8]}{vin.compute_check_digit(draft)}{draft[9:]}"


@pytest.fixture
def cabinet_settings(cabinet_settings: CabinetSettings) -> CabinetSettings:
    return cabinet_settings.model_copy(update={"sandbox": True})


@pytest.fixture
def bpa_settings(bpa_settings: BpaSettings) -> BpaSettings:
    return bpa_settings.model_copy(update={"sandbox": True})


@pytest.fixture
async def services(
    cabinet_settings: CabinetSettings,
    bpa_settings: BpaSettings,
    cabinet_ports: CabinetPorts,
    bpa_ports: BpaPorts,
) -> AsyncGenerator[BothServices]:
    async with both(cabinet_settings, bpa_settings, cabinet_ports, bpa_ports) as services:
        yield services


@dataclass
class Sandbox:
    """A company in it, who administers it, and its program."""

    services: BothServices
    company_id: UUID
    boss: Person
    key: Key
    program: Person
    photo: Callable[[], bytes]

    async def order(self, vehicle: str, **body: Any) -> Json:
        """A complete inspection that the program has just sent."""
        draft = await self.program.start({"identifier": vehicle}, **body)
        assert (await self.program.send_file(draft["id"], self.photo())).status_code == 201
        answer = await self.program.post(f"/inspections/{draft['id']}/submit")
        assert answer.status_code == 200, answer.text
        sent: Json = answer.json()
        return sent

    async def settle(self) -> None:
        """Let everything happen that happens by itself, without any time passing."""
        await self.services.settle()
        while await self._run(playing.play) or await self._run(ticker.tick):
            await self.services.settle()
        await self.services.settle()

    async def after(self, vehicle: str) -> Json:
        """How an inspection of that car stands once all is settled."""
        sent = await self.order(vehicle)
        await self.settle()
        return await self.program.inspection(sent["id"])

    async def answer_task(self, inspection: Json, path: str, body: Json) -> Json:
        """Do or decline the one thing that was asked; returns how the inspection stands once that is settled."""
        [task] = inspection["info_tasks"]
        there = f"/inspections/{inspection['id']}/info-tasks/{task['id']}/{path}"
        assert (await self.program.post(there, body)).status_code == 201
        await self.settle()
        return await self.program.inspection(inspection["id"])

    async def dispute(self, inspection: Json) -> Json:
        """Dispute the answer; returns how the inspection stands once that is settled."""
        there = f"/inspections/{inspection['id']}/disputes"
        answer = await self.program.post(there, {"reason": "It is not so."})
        assert answer.status_code == 201, answer.text
        await self.settle()
        return await self.program.inspection(inspection["id"])

    async def let_pass(self, inspection: Json, *, minutes: int) -> Json:
        """Let time pass for an inspection; returns how it stands once what that brings is settled."""
        there = f"/inspections/{inspection['id']}/time-advances"
        answer = await self.program.post(there, {"seconds": minutes * 60})
        assert answer.status_code == 202, answer.text
        await self.settle()
        return await self.program.inspection(inspection["id"])

    async def report(self, inspection_id: str) -> Json:
        """The newest report, as it is read."""
        answer = await self.program.get(f"/inspections/{inspection_id}/reports")
        version = answer.json()[-1]["version"]
        found = await self.program.get(f"/inspections/{inspection_id}/reports/{version}", language="en")
        assert found.status_code == 200, found.text
        told: Json = found.json()["presented"]
        return told

    async def _run(self, chore: Callable[..., Any]) -> bool:
        bpa = self.services.bpa
        async with bpa.backbone.database.writing() as session:
            now = await database_now(session)
            more: bool = await chore(session, now, policy=Policy.of(bpa.settings))
            return more


@pytest.fixture
async def sandbox(services: BothServices, cabinet_ports: CabinetPorts, photo: Callable[[], bytes]) -> Sandbox:
    firm = await clients.found_company(cabinet_ports)
    await clients.join(cabinet_ports, firm, "boss@example.com", Role.PARTNER_ADMIN)
    signed_in = await clients.sign_in(cabinet_ports, "boss@example.com", language="en")
    boss = Person(services.cabinet_api, signed_in)
    key = await make_key(boss, firm)
    return Sandbox(services, firm.company_id, boss, key, key.program(services.cabinet_api), photo)
