"""Both services with people in them, for strangers to shout at."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import count
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.api_wiring import open_api_ports as open_bpa_ports
from bpa_service.entrypoints.app import create_app as create_bpa
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings as BpaSettings
from bpa_service.wiring import event_handlers as bpa_handlers
from cabinet_service.accounts.domain import Role as ClientRole
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.api_wiring import open_api_ports as open_cabinet_ports
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.photos import jobs
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.inbox import Outcome
from service_kit.signing import KeyRing
from shared_schemas.clock import Clock
from shared_schemas.envelope import Envelope, Event
from shared_schemas.events import bpa_v1 as said
from shared_schemas.events.cabinet_v1 import InspectionSubmittedV1
from shared_schemas.words import InspectionState, Shot, Verdict
from tests.hostile import forms
from tests.hostile.operations import Contract, KnownIds
from tests.hostile.wire import Sent, ask_app
from tests.service.cases.conftest import submitted
from tests.service.inspections.conftest import EXPERT, Bpa, Person
from tests.support import clients, experts
from tests.support.api import running
from tests.support.limits import UNLIMITED
from tests.support.serving import served


@dataclass
class Caller:
    """Somebody who calls: `sign` adds what says who it is, `renew` signs in again where that has ended."""

    sign: Callable[[Sent], Sent]
    renew: Callable[[], Awaitable[None]] | None = None


@dataclass
class House:
    """A service that runs, who calls it, and what is in it. `stir` brings something new into it."""

    contract: Contract
    app: FastAPI
    people: list[Caller]
    peer: Caller
    stir: Callable[[], Awaitable[None]]
    still_works: Callable[[], Awaitable[None]]
    ids: KnownIds = field(default_factory=KnownIds)

    def caller(self, path: str, dice: Random) -> Caller:
        if path.startswith("/internal"):
            return self.peer if dice.random() < 0.9 else dice.choice(self.people)
        return dice.choice(self.people) if dice.random() < 0.95 else NOBODY


NOBODY: Final = Caller(lambda sent: sent)


def peer(keys: KeyRing) -> Caller:
    """The other service, whose requests are signed."""

    def sign(sent: Sent) -> Sent:
        target = sent.target.decode("latin-1")
        headers = keys.request_headers(sent.method, target, sent.body, datetime.now(UTC))
        return _with(sent, headers)

    return Caller(sign)


async def person(sign_in: Callable[[], Awaitable[dict[str, str]]]) -> Caller:
    """Somebody who was signed in, and is signed in anew when that ends."""
    headers = await sign_in()

    async def renew() -> None:
        nonlocal headers
        headers = await sign_in()

    return Caller(lambda sent: _with(sent, headers), renew)


def _with(sent: Sent, headers: dict[str, str]) -> Sent:
    """The request with these headers too, unless it has some of those names already."""
    own = {name.lower() for name, _ in sent.headers}
    more = [
        (name.encode(), value.encode()) for name, value in headers.items() if name.lower().encode() not in own
    ]
    return replace(sent, headers=sent.headers + more)


@asynccontextmanager
async def cabinet(settings: CabinetSettings) -> AsyncGenerator[House]:
    """Cabinet, with clients and a company."""
    settings = settings.model_copy(update=UNLIMITED)
    app = create_cabinet(settings)
    async with open_cabinet_ports(settings) as ports, running(app) as api:
        firm = await clients.found_company(ports)
        await clients.join(ports, firm, "boss@example.com", ClientRole.PARTNER_ADMIN)

        async def signed_in(somebody: str) -> dict[str, str]:
            async with one_at_a_time:  # two sign-ins that give consents lock the account against each other
                return (await clients.sign_in(ports, somebody)).headers

        one_at_a_time = asyncio.Lock()
        previews, contact = PreviewProcess(), "client@example.com"
        client, again = [await person(lambda: signed_in(contact)) for _ in range(2)]
        boss = await person(lambda: signed_in("boss@example.com"))

        async def become(somebody: str) -> None:
            nonlocal contact
            contact = somebody
            for device in (client, again):
                assert device.renew is not None
                await device.renew()

        ids = KnownIds()
        ids.by_kind["company_id"].append(str(firm.company_id))
        ids.by_kind["branch_id"].append(str(firm.first_branch))
        stir = _stir_cabinet(ports, api, ids, previews, become)
        house = House(
            Contract("cabinet"), app, [client, again, boss], peer(ports.backbone.keys), stir, stir, ids
        )
        await stir()
        try:
            yield house
        finally:
            await previews.close()


def _stir_cabinet(
    ports: CabinetPorts,
    api: httpx.AsyncClient,
    ids: KnownIds,
    previews: PreviewProcess,
    become: Callable[[str], Awaitable[None]],
) -> Callable[[], Awaitable[None]]:
    """Lets somebody new order an inspection, which the experts ask about or answer. They are the client then:
    the one before may have erased their account by now."""
    dice, rounds, bpa = Random(0), count(), Bpa(ports)

    async def stir() -> None:
        contact = f"client-{next(rounds)}@example.com"
        client = Person(api, await clients.sign_in(ports, contact))
        await become(contact)
        inspection: Any = await client.start()
        sent = await client.send_file(inspection["id"], forms.photo(dice))
        assert sent.status_code == 201, sent.text
        inspection = (await client.post(f"/inspections/{inspection['id']}/submit")).json()
        for fact in _experts_work(inspection, await bpa.now(), asks=dice.random() < 0.5):
            await bpa.says(fact)
        async with ports.backbone.database.writing() as session:
            photo = UUID(inspection["evidence"][0]["id"])
            tried = await jobs.make_preview(session, photo, files=ports.files, previews=previews)
            assert tried is not None
            assert await jobs.settle(session, tried)
        inspection = await client.inspection(inspection["id"])
        assert inspection["evidence"][0]["preview"] == "ready"
        ids.note("/inspections", inspection)
        ids.note("/evidence", inspection["evidence"])
        ids.note("/info-tasks", inspection["info_tasks"])

    return stir


def _experts_work(inspection: Any, now: datetime, *, asks: bool) -> Iterator[Event]:
    inspection_id = UUID(inspection["id"])
    clock = Clock(started_at=datetime.fromisoformat(inspection["submitted_at"]))
    yield said.CaseQueuedV1(inspection_id=inspection_id, clock=clock, state=InspectionState.QUEUED)
    yield said.CaseClaimedV1(
        inspection_id=inspection_id, expert=EXPERT, claimed_at=now, state=InspectionState.IN_WORK
    )
    if asks:
        yield said.InfoTaskCreatedV1(
            inspection_id=inspection_id,
            task_id=uuid4(),
            shot=Shot.FRONT,
            question="Ещё раз, пожалуйста",
            place=None,
            blocking=True,
            asked_by=EXPERT,
            created_at=now,
        )
        return
    decision = said.DecisionView(
        version=1,
        verdict=Verdict.INSUFFICIENT_DATA,
        summary="Не разобрать",
        advice=None,
        findings=(),
        not_covered=("номер",),
        expert=EXPERT,
        decided_at=now,
    )
    clock = clock.model_copy(update={"stopped_at": now})
    yield said.DecisionIssuedV1(inspection_id=inspection_id, decision=decision, clock=clock)


@asynccontextmanager
async def bpa(settings: BpaSettings, cabinet_settings: CabinetSettings) -> AsyncGenerator[House]:
    """Bpa, with people of every role; cabinet is there for it to ask."""
    async with served(create_cabinet(cabinet_settings)) as cabinet_url:
        settings = settings.model_copy(update={"peer_url": cabinet_url})
        app = create_bpa(settings)
        async with open_bpa_ports(settings) as ports, running(app):
            numbers = count()

            def signing_in(role: Role) -> Callable[[], Awaitable[dict[str, str]]]:
                # Somebody new each time: the admins among them switch people off.
                async def sign_in() -> dict[str, str]:
                    return (await experts.sign_in(ports, role, f"{role.value}-{next(numbers)}")).headers

                return sign_in

            anna, *others = [await person(signing_in(role)) for role in (Role.EXPERT, Role.SENIOR, *Role)]
            people = [anna] * len(others) + others
            ids = KnownIds()
            stir = _stir_bpa(ports, app, ids, anna)
            yield House(Contract("bpa"), app, people, peer(ports.backbone.keys), stir, stir, ids)


def _stir_bpa(ports: BpaPorts, app: FastAPI, ids: KnownIds, expert: Caller) -> Callable[[], Awaitable[None]]:
    """Lets three inspections come in; the expert claims one, finds something and asks, as it should be."""
    numbers = count()

    async def stir() -> None:
        fact, *_ = [await _arrival(ports, ids, f"A-{next(numbers):07}") for _ in range(3)]
        assert expert.renew is not None
        await expert.renew()
        place = {"evidence_id": str(fact.evidence[0].evidence_id)}
        finding = {"severity": "anomaly", "text": "Цифры неровные", "places": [place]}
        question = {"question": "Ближе, пожалуйста", "blocking": True}
        for act, body in (("lease", {}), ("findings", finding), ("info-tasks", question)):
            path = f"/api/v1/cases/{fact.inspection_id}/{act}"
            headers = [
                (b"Idempotency-Key", uuid4().hex.encode()),
                (b"Content-Type", b"application/json"),
            ]
            sent = Sent("POST", path.encode(), headers, json.dumps(body).encode())
            answer = await ask_app(app, expert.sign(sent))
            assert answer.status == HTTPStatus.CREATED, answer.body
            ids.note(path, json.loads(answer.body))

    return stir


async def _arrival(ports: BpaPorts, ids: KnownIds, number: str) -> InspectionSubmittedV1:
    """An inspection of cabinet's comes in."""
    database = ports.backbone.database
    async with database.reading() as session:
        now = await database_now(session)
    fact = submitted(number, now)
    envelope = Envelope(
        event_id=new_id(),
        type=fact.TYPE,
        version=fact.VERSION,
        aggregate_id=fact.inspection_id,
        aggregate_seq=1,
        occurred_at=now,
        correlation_id="test",
        data=fact.model_dump(mode="json"),
    )
    taken = await ports.backbone.inbox(bpa_handlers(ports)).receive_in_transaction(database, envelope)
    assert taken is Outcome.APPLIED
    ids.note("/cases", {"case_id": str(fact.inspection_id), "inspection_id": str(fact.inspection_id)})
    ids.note("/evidence", [{"evidence_id": str(ref.evidence_id)} for ref in fact.evidence])
    return fact
