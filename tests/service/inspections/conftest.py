"""People who use cabinet's API, and bpa as cabinet hears it."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from httpx import Response
from sqlalchemy import select

from cabinet_service.accounts.domain import Role
from cabinet_service.api_ports import ApiPorts
from cabinet_service.notifications.models import Notification
from cabinet_service.wiring import event_handlers, work_handlers
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.inbox import Outcome
from shared_schemas.clock import Clock, Pause, PauseCause
from shared_schemas.envelope import Envelope, Event
from shared_schemas.events import bpa_v1 as said
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.evidence import PlaceOnEvidence, Region
from shared_schemas.words import InspectionState as S
from shared_schemas.words import Shot, Verdict
from tests.factories.photos import jpeg
from tests.support import clients
from tests.support.clients import SignedInClient
from tests.support.delivery import announced, do_work

Json = dict[str, Any]
VIN = "SAL1A2A40SA606662"
EXPERT = ExpertRef(expert_id=UUID(int=7), display_name="Анна Сергеевна")


class Person:
    """A client with a bearer token. Methods return responses as they come."""

    def __init__(self, api: httpx.AsyncClient, signed_in: SignedInClient) -> None:
        self.account_id = signed_in.account_id
        self._api = api
        self.headers = signed_in.headers | {"Accept-Language": "en"}

    def forget(self) -> None:
        """Go on without the token."""
        del self.headers["Authorization"]

    async def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> Response:
        return await self._api.get(f"/api/v1{path}", params=params, headers=self.headers | (headers or {}))

    async def post(self, path: str, body: Json | None = None, *, key: str | None = None) -> Response:
        headers = self.headers | {"Idempotency-Key": key or uuid4().hex}
        return await self._api.post(f"/api/v1{path}", json=body, headers=headers)

    async def patch(self, path: str, body: Json) -> Response:
        return await self._api.patch(f"/api/v1{path}", json=body, headers=self.headers)

    async def delete(self, path: str) -> Response:
        return await self._api.delete(f"/api/v1{path}", headers=self.headers)

    async def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **request: Any
    ) -> Response:
        """Anything at all, signed in."""
        return await self._api.request(
            method, f"/api/v1{path}", headers=self.headers | (headers or {}), **request
        )

    async def send_file(
        self, inspection_id: str, content: bytes, *, name: str = "photo.jpg", **fields: str
    ) -> Response:
        """Upload a photo; `fields` replace or add to those that fit it."""
        return await self._api.post(
            f"/api/v1/inspections/{inspection_id}/evidence",
            data={"shot": "vin_stamped", "sha256": hashlib.sha256(content).hexdigest()} | fields,
            files={"file": (name, content, "image/jpeg")},
            headers=self.headers,
        )

    async def send_copy(self, inspection_id: str, original: bytes, copy: bytes, **fields: str) -> Response:
        """Send a small copy of a photo ahead of it."""
        announced = {
            "shot": "vin_stamped",
            "sha256": hashlib.sha256(original).hexdigest(),
            "media_type": "image/jpeg",
            "size_bytes": str(len(original)),
        }
        return await self._api.post(
            f"/api/v1/inspections/{inspection_id}/evidence/copies",
            data=announced | fields,
            files={"file": ("copy.jpg", copy, "image/jpeg")},
            headers=self.headers,
        )

    async def start(self, claim: Json | None = None, **body: Any) -> Json:
        answer = await self.post("/inspections", {"claim": claim or {"identifier": VIN}} | body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def inspection(self, inspection_id: str) -> Json:
        answer = await self.get(f"/inspections/{inspection_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def kinds(self, inspection_id: str) -> list[str]:
        """What the timeline tells, in its order."""
        answer = await self.get(f"/inspections/{inspection_id}/timeline")
        return [entry["kind"] for entry in answer.json()["items"]]


SignUp = Callable[[str], Awaitable[Person]]


@pytest.fixture
def sign_up(cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts) -> SignUp:
    async def sign_up_as(contact: str) -> Person:
        return Person(cabinet_api, await clients.sign_in(cabinet_ports, contact, language="en"))

    return sign_up_as


@pytest.fixture
async def client(sign_up: SignUp) -> Person:
    return await sign_up("client@example.com")


@pytest.fixture
async def stranger(sign_up: SignUp) -> Person:
    return await sign_up("stranger@example.com")


@dataclass
class Company:
    """Two branches and who works there."""

    id: UUID
    branches: tuple[UUID, UUID]
    admin: Person
    agents: tuple[Person, Person]


@pytest.fixture
async def company(sign_up: SignUp, cabinet_ports: ApiPorts) -> Company:
    firm = await clients.found_company(cabinet_ports)
    agent = Role.PARTNER_AGENT
    await clients.join(cabinet_ports, firm, "boss@example.com", Role.PARTNER_ADMIN)
    await clients.join(cabinet_ports, firm, "north@example.com", agent, branch_id=firm.first_branch)
    await clients.join(cabinet_ports, firm, "south@example.com", agent, branch_id=firm.second_branch)
    boss, north, south = [await sign_up(f"{name}@example.com") for name in ("boss", "north", "south")]
    return Company(firm.company_id, (firm.first_branch, firm.second_branch), boss, (north, south))


@pytest.fixture
def photo() -> Callable[[], bytes]:
    """A photo like no other at each call."""
    widths: Iterator[int] = count(200)
    return lambda: jpeg(next(widths), 150)


class Bpa:
    """The experts' side: what it says is taken in, in order; what it was told can be read."""

    def __init__(self, ports: ApiPorts) -> None:
        self._ports = ports
        self._inbox = ports.backbone.inbox(event_handlers(ports))
        self._seqs: dict[UUID, Iterator[int]] = {}

    async def says(self, fact: Event) -> Envelope:
        seq = next(self._seqs.setdefault(fact.job_id, count(1)))
        envelope = Envelope(
            event_id=new_id(),
            type=fact.TYPE,
            version=fact.VERSION,
            aggregate_id=fact.job_id,
            aggregate_seq=seq,
            occurred_at=await self.now(),
            correlation_id="test",
            data=fact.model_dump(mode="json"),
        )
        assert await self.hears_of(envelope) is Outcome.APPLIED
        return envelope

    async def hears_of(self, envelope: Envelope) -> Outcome:
        """Deliver an envelope to cabinet."""
        return await self._inbox.receive_in_transaction(self._ports.backbone.database, envelope)

    async def now(self) -> datetime:
        async with self._ports.backbone.database.reading() as session:
            return await database_now(session)

    async def was_told(self, inspection_id: str) -> list[str]:
        """The types of all events about an inspection, in their order."""
        return [e.type for e in await self.envelopes(inspection_id)]

    async def envelopes(self, inspection_id: str) -> list[Envelope]:
        return [e for e in await announced(self._ports.backbone) if str(e.aggregate_id) == inspection_id]


@pytest.fixture
def bpa(cabinet_ports: ApiPorts) -> Bpa:
    return Bpa(cabinet_ports)


@pytest.fixture
async def work(cabinet_ports: ApiPorts) -> Any:
    """Do what waits for the worker; returns the names of what was done."""
    handlers = work_handlers(cabinet_ports)

    async def do_it() -> list[str]:
        return await do_work(cabinet_ports.backbone, handlers)

    return do_it


Submitted = Callable[..., Awaitable[Json]]


@pytest.fixture
def submitted(client: Person, photo: Callable[[], bytes]) -> Submitted:
    """A complete inspection that the client has just sent."""

    async def submit(person: Person = client, **body: Any) -> Json:
        draft = await person.start(**body)
        assert (await person.send_file(draft["id"], photo())).status_code == 201
        answer = await person.post(f"/inspections/{draft['id']}/submit")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return submit


class Case:
    """An inspection that the experts work on, told step by step."""

    def __init__(self, bpa: Bpa, inspection: Json) -> None:
        self.id = UUID(inspection["id"])
        self.path = f"/inspections/{inspection['id']}"
        self.clock = Clock(started_at=datetime.fromisoformat(inspection["submitted_at"]))
        self.evidence_id = UUID(inspection["evidence"][0]["id"])
        self._bpa = bpa

    async def say(self, event: type[Any], **facts: Any) -> None:
        await self._bpa.says(event(inspection_id=self.id, **facts))

    async def queue(self, state: S = S.QUEUED) -> None:
        await self.say(said.CaseQueuedV1, clock=self.clock, state=state)

    async def claim(self) -> None:
        now = await self._bpa.now()
        await self.say(said.CaseClaimedV1, expert=EXPERT, claimed_at=now, state=S.IN_WORK)

    async def ask(self, *, shot: Shot | None = None, blocking: bool = True) -> UUID:
        task_id = uuid4()
        place = PlaceOnEvidence(
            evidence_id=self.evidence_id, region=Region(x=0.1, y=0.2, width=0.3, height=0.4)
        )
        await self.say(
            said.InfoTaskCreatedV1,
            task_id=task_id,
            shot=shot,
            question="Крупнее, пожалуйста",
            place=place,
            blocking=blocking,
            asked_by=EXPERT,
            created_at=await self._bpa.now(),
        )
        return task_id

    async def pause(self, ref: UUID) -> None:
        pause = Pause(ref=ref, cause=PauseCause.CLIENT_INFO, started_at=await self._bpa.now())
        self.clock = self.clock.model_copy(update={"pauses": (*self.clock.pauses, pause)})
        await self.say(said.ClockPausedV1, clock=self.clock, state=S.WAITING_CLIENT)

    async def resume(self) -> None:
        *others, last = self.clock.pauses
        ended = last.model_copy(update={"ended_at": await self._bpa.now()})
        self.clock = self.clock.model_copy(update={"pauses": (*others, ended)})
        await self.say(said.ClockResumedV1, clock=self.clock, state=S.IN_WORK)

    async def decide(
        self, event: type[Any] = said.DecisionIssuedV1, version: int = 1, verdict: Verdict = Verdict.DOUBTS
    ) -> None:
        now = await self._bpa.now()
        finding = said.FindingView(
            finding_id=uuid4(),
            severity=said.FindingSeverity.ANOMALY,
            text="Цифры неровные",
            places=(PlaceOnEvidence(evidence_id=self.evidence_id),),
        )
        decision = said.DecisionView(
            version=version,
            verdict=verdict,
            summary="Есть сомнения",
            advice=None,
            findings=(finding,),
            not_covered=("история",),
            expert=EXPERT,
            decided_at=now,
        )
        if event is said.DecisionPreliminaryV1:
            await self.say(event, decision=decision)
            return
        self.clock = self.clock.model_copy(update={"stopped_at": now})
        await self.say(event, decision=decision, clock=self.clock)


@pytest.fixture
async def case(bpa: Bpa, submitted: Submitted) -> Case:
    """In work."""
    case = Case(bpa, await submitted())
    await case.queue()
    await case.claim()
    return case


async def told(ports: ApiPorts, case: Case) -> list[str]:
    """What the client is told, in that order."""
    async with ports.backbone.database.reading() as session:
        rows = await session.scalars(
            select(Notification).where(Notification.subject_id == case.id).order_by(Notification.id)
        )
        return [row.kind for row in rows]
