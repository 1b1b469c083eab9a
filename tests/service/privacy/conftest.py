"""Clients who leave their mark in every store of both services, experts who write about them, and a search for
what is left.
"""

import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import insert

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.accounts import domain
from cabinet_service.accounts import service as accounts
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.backbone import Backbone
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas.envelope import Envelope, Event
from shared_schemas.events.bpa_v1 import CaseMessagePostedV1, ExpertRef
from shared_schemas.events.cabinet_v1 import InspectionMessagePostedV1
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person
from tests.support import clients, experts
from tests.support.both_services import BothServices, both

Json = dict[str, Any]
_WORD: Final = re.compile(rb"[0-9a-z]+")
_BYTEA: Final = re.compile(rb"\\x((?:[0-9a-f]{2})+)")
AHEAD_OF_ITS_TURN: Final = 900
SHOT_ANSWERS: Final = [{"shot": "vin_plate", "answer": "unreadable"}]


@pytest.fixture
async def services(
    cabinet_settings: CabinetSettings,
    bpa_settings: BpaSettings,
    cabinet_ports: CabinetPorts,
    bpa_ports: BpaPorts,
) -> AsyncGenerator[BothServices]:
    async with both(cabinet_settings, bpa_settings, cabinet_ports, bpa_ports) as services:
        yield services


@dataclass(frozen=True)
class Marked:
    """A client all of whose words hold `mark`, a word that is nobody else's."""

    person: Person
    mark: str
    contact: str
    inspection_ids: list[UUID]
    history_id: UUID
    words: frozenset[str]


class Expert:
    """Somebody of the experts' side, over their API."""

    def __init__(self, api: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._api = api
        self._headers = headers

    async def act(self, case_id: object, path: str, **body: Any) -> Json:
        case = await self._api.get(f"/api/v1/cases/{case_id}", headers=self._headers)
        headers = self._headers | {"Idempotency-Key": new_id().hex, "If-Match": case.headers["etag"]}
        answer = await self._api.post(f"/api/v1/cases/{case_id}/{path}", json=body or None, headers=headers)
        assert answer.status_code == 201, answer.text
        result: Json = answer.json()
        return result

    async def put(self, case_id: object, path: str, **body: Any) -> None:
        address = f"/api/v1/cases/{case_id}/{path}"
        (await self._api.put(address, json=body, headers=self._headers)).raise_for_status()


@dataclass
class Crowd:
    """Makes marked clients, each of whom went all the ways through both services."""

    services: BothServices
    expert: Expert
    senior: Expert
    numbers: Iterator[int]

    async def client(self) -> Marked:
        """One with a cancelled, a disputed and a running inspection, a draft, and mail that went astray."""
        number = next(self.numbers)
        mark, plate, frame = f"zq7m{number:05d}", f"A{number % 1000:03d}BC77", f"AT211-6{number:06d}"
        contact = f"{mark}@example.com"
        person = await self.sign_in(contact)
        await person.patch("/me", {"display_name": f"Ms {mark}"})
        claim = {
            "identifier": frame,
            "plate": plate,
            "make": mark,
            "model": f"model {mark}",
            "mileage_km": 123_456,
            "advert_url": f"https://example.com/{mark}",
        }
        photo = jpeg(160, 120, comment=mark.encode())
        ids = [await self._submitted(person, claim, mark, photo) for _ in range(3)]
        ids.append((await person.start(claim, worry=f"Draft of {mark}"))["id"])
        await person.send_file(ids[3], photo, name=f"{mark}.jpg")
        history_id = await self._ordered_history(person, frame, mark)
        await self._cancel(person, ids[0], mark)
        await self._answer_and_dispute(person, ids[1], mark)
        await self._ask(person, ids[2], mark)
        await self._link(person, ids[2], mark)
        await self._go_astray(UUID(ids[2]), mark)
        await self._ask_for_a_code(contact)
        await self.services.settle()
        words = {mark, frame.split("-")[1].lower(), plate.lower()}
        return Marked(person, mark, contact, [UUID(one) for one in ids], history_id, frozenset(words))

    async def sign_in(self, contact: str) -> Person:
        signed_in = await clients.sign_in(self.services.cabinet, contact, language="en")
        return Person(self.services.cabinet_api, signed_in)

    async def _link(self, person: Person, inspection_id: str, mark: str) -> None:
        """A link by which somebody at the car has opened it."""
        given = await person.post(f"/inspections/{inspection_id}/yard-links", {"label": f"For {mark}"})
        assert given.status_code == 201, given.text
        headers = {"Authorization": f"Bearer yard_{given.json()['url'].partition('#')[2]}"}
        opened = await self.services.cabinet_api.get("/api/v1/yard", headers=headers)
        assert opened.status_code == 200, opened.text

    async def _submitted(self, person: Person, claim: Json, mark: str, photo: bytes) -> str:
        draft = await person.start(claim, worry=f"Worry of {mark}", shot_answers=SHOT_ANSWERS)
        inspection_id: str = draft["id"]
        sent = await person.send_file(inspection_id, photo, name=f"{mark}.jpg")
        assert sent.status_code == 201, sent.text
        assert (await person.post(f"/inspections/{inspection_id}/submit")).status_code == 200
        await person.post(f"/inspections/{inspection_id}/messages", {"text": f"Message of {mark}"})
        return inspection_id

    async def _cancel(self, person: Person, inspection_id: str, mark: str) -> None:
        body = {"reason": f"Sold, says {mark}"}
        assert (await person.post(f"/inspections/{inspection_id}/cancellation", body)).status_code == 201

    async def _answer_and_dispute(self, person: Person, inspection_id: str, mark: str) -> None:
        expert, senior = self.expert, self.senior
        await expert.act(inspection_id, "lease")
        await expert.act(inspection_id, "messages", text=f"Dear {mark}")
        await expert.act(inspection_id, "notes", text=f"Note on {mark}")
        finding = await expert.act(
            inspection_id,
            "findings",
            severity="unusual",
            text=f"Finding on {mark}",
            record_ref=mark,
            meaning=f"Means that {mark}",
            to_do=f"Ask {mark}",
        )
        explained, left_out, withdrawn = [
            await expert.act(
                inspection_id, "findings", severity="anomaly", text=f"Another on {mark}", rule_ref="font-7"
            )
            for _ in range(3)
        ]
        address = f"findings/{explained['finding_id']}/explanation"
        await expert.put(inspection_id, address, text=f"By law, says {mark}")
        address = f"findings/{withdrawn['finding_id']}/withdrawal"
        await expert.put(inspection_id, address, reason=f"A reflection, says {mark}")
        await expert.act(inspection_id, "second-opinion", question=f"Is {mark} right?")
        await senior.act(inspection_id, "second-opinion/answer", verdict="clean", text=f"Yes, {mark}")
        answer = {
            "verdict": "doubts",
            "summary": f"Summary for {mark}",
            "advice": f"Advice for {mark}",
            "finding_ids": [finding["finding_id"], explained["finding_id"]],
            "left_out": [{"finding_id": left_out["finding_id"], "reason": f"Dirt, says {mark}"}],
            "not_covered": [f"glass of {mark}"],
        }
        await expert.act(inspection_id, "decision", **answer)
        await self.services.settle()
        await self._share(person, inspection_id, mark)
        for said in ({"stars": 2}, {"deal": "thinking", "proved": "wrong"}):
            page = "rating" if "stars" in said else "outcome"
            body = {"version": 1, "words": f"Words of {mark} on that", **said}
            told = await person.send("PUT", f"/inspections/{inspection_id}/{page}", json=body)
            assert told.status_code == 200, told.text
        body = {"reason": f"No, says {mark}"}
        assert (await person.post(f"/inspections/{inspection_id}/disputes", body)).status_code == 201

    async def _ordered_history(self, person: Person, frame: str, mark: str) -> UUID:
        """A history without an inspection, whose report is there, and a link to it."""
        ordered = await person.post("/histories", {"text": frame})
        assert ordered.status_code == 202, ordered.text
        await self.services.settle()
        path = f"/histories/{ordered.json()['id']}"
        shared = await person.post(f"{path}/shares", {"label": f"To {mark}"})
        assert shared.status_code == 201, shared.text
        return UUID(ordered.json()["id"])

    async def _share(self, person: Person, inspection_id: str, mark: str) -> None:
        """A link that somebody without an account opens."""
        shared = await person.post(f"/inspections/{inspection_id}/shares", {"label": f"To {mark}"})
        assert shared.status_code == 201, shared.text
        token = shared.json()["url"].partition("#")[2]
        opened = await self.services.cabinet_api.get(f"/api/v1/shared/{token}")
        assert opened.status_code == 200, opened.text

    async def _ask(self, person: Person, inspection_id: str, mark: str) -> None:
        expert = self.expert
        await expert.act(inspection_id, "lease")
        first, second = [
            await expert.act(inspection_id, "info-tasks", question=f"Question for {mark}", blocking=False)
            for _ in range(2)
        ]
        await self.services.settle()
        tasks = f"/inspections/{inspection_id}/info-tasks"
        done = await person.post(f"{tasks}/{first['task_id']}/fulfilment", {"answer": f"Answer of {mark}"})
        assert done.status_code == 201, done.text
        body = {"reason": "other", "note": f"Not I, says {mark}"}
        refused = await person.post(f"{tasks}/{second['task_id']}/refusal", body)
        assert refused.status_code == 201, refused.text

    async def _ask_for_a_code(self, contact: str) -> None:
        ports = self.services.cabinet
        async with ports.backbone.database.writing() as session:
            await accounts.request_code(
                session,
                domain.parse_contact(contact),
                language="en",
                valid_for=ports.settings.sign_in_code_length,
                now=await database_now(session),
            )

    async def _go_astray(self, inspection_id: UUID, mark: str) -> None:
        """Events of the inspection that wait ahead of their turn, in a queue, and as a dead letter."""
        now = await self._now()
        to_bpa = InspectionMessagePostedV1(
            inspection_id=inspection_id, message_id=new_id(), text=f"Lost, {mark}", posted_at=now
        )
        to_cabinet = CaseMessagePostedV1(
            inspection_id=inspection_id,
            message_id=new_id(),
            author=ExpertRef(expert_id=new_id(), display_name="Anna"),
            text=f"Lost, {mark}",
            posted_at=now,
        )
        for backbone, fact in (
            (self.services.bpa.backbone, to_bpa),
            (self.services.cabinet.backbone, to_cabinet),
        ):
            await _leave_lying(backbone, envelope(fact, AHEAD_OF_ITS_TURN))

    async def _now(self) -> Any:
        async with self.services.cabinet.backbone.database.reading() as session:
            return await database_now(session)


def envelope(fact: Event, seq: int) -> Envelope:
    return Envelope(
        event_id=new_id(),
        type=fact.TYPE,
        version=fact.VERSION,
        aggregate_id=fact.job_id,
        aggregate_seq=seq,
        occurred_at="2026-03-02T12:00:00Z",  # pyright: ignore[reportArgumentType] - parsed
        correlation_id="test",
        data=fact.model_dump(mode="json"),
    )


async def _leave_lying(backbone: Backbone, astray: Envelope) -> None:
    tables, queue = backbone.tables, backbone.tables.queues.events
    body = {"queue": queue, "message_id": astray.event_id, "body": astray.model_dump_json().encode()}
    async with backbone.database.writing() as session:
        await session.execute(
            insert(tables.parked).values(
                aggregate_id=astray.aggregate_id,
                aggregate_seq=astray.aggregate_seq,
                envelope=astray.model_dump(mode="json"),
                parked_at=astray.occurred_at,
            )
        )
        await session.execute(insert(tables.queued).values(**body, correlation_id="", last_error=str(body)))
        await session.execute(
            insert(tables.dead).values(**body, correlation_id="", reason=str(body), attempts=1)
        )


@pytest.fixture
async def crowd(services: BothServices) -> Crowd:
    async def working(role: Role) -> Expert:
        return Expert(services.bpa_api, (await experts.sign_in(services.bpa, role)).headers)

    return Crowd(services, await working(Role.EXPERT), await working(Role.SENIOR), count(1))


Search = Callable[[Iterable[str]], Any]


@dataclass(frozen=True)
class Stores:
    """Everywhere that something of a client's could be."""

    services: BothServices

    async def holding(self, words: Iterable[str]) -> list[str]:
        """In which tables, files and keys of the cache which of the words are, once for every row."""
        wanted = {word.encode() for word in words}
        found: list[str] = []
        for ports in (self.services.cabinet, self.services.bpa):
            found += await _in_database(ports.backbone.settings.database_url, wanted)
        found += _in_files(self.services.cabinet.settings.files_dir, wanted)
        cache: Any = self.services.cabinet_app.state.ports.limits._storage
        found += [f"cache: {word}" for word in _words(f"{vars(cache)}".encode()) & wanted]
        return sorted(found)


async def _in_database(url: str, wanted: set[bytes]) -> list[str]:
    """Rows are read as PostgreSQL prints them, whatever columns they have; what is binary is looked into."""
    connection: Any = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found: list[str] = []
        for (table,) in tables:
            async with connection.transaction():
                await connection.execute("SELECT set_config('app.scope', 'system', true)")
                async for (row,) in connection.cursor(f'SELECT t::text FROM "{table}" t'):
                    hits = _words(row.encode()) & wanted
                    found += [f"{table}: {word.decode()}" for word in hits]
        return found
    finally:
        await connection.close()


def _in_files(folder: Path, wanted: set[bytes]) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [f"file: {word.decode()}" for path in files for word in _words(path.read_bytes()) & wanted]


def _words(text: bytes) -> set[bytes]:
    text = text.lower()
    found: set[bytes] = set(_WORD.findall(text))
    for match in _BYTEA.finditer(text):
        found.update(_WORD.findall(bytes.fromhex(match[1].decode()).lower()))
    return found


@pytest.fixture
def stores(services: BothServices) -> Stores:
    return Stores(services)
