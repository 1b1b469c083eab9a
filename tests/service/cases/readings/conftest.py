"""A reader that says what it is told to, and what the desk makes of what it says."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

import pytest

from bpa_service.cases.readings import queries, service
from bpa_service.cases.readings.models import AcceptedFrom, Failure
from bpa_service.cases.readings.proposing import Asker
from bpa_service.cases.readings.schemas import ReadingIn, ReadingOfPhoto, ReadingsOut
from bpa_service.db.tables import TABLES
from bpa_service.experts.domain import Expert
from service_kit.http.peer import Peer
from shared_schemas.evidence import EvidenceRef, Region
from shared_schemas.rest.readings import EvidenceReading, ReadNumber
from shared_schemas.words import IdentifierKind, Shot
from tests.service.cases.conftest import Desk, photo

VIN: Final = "SAL1A2A40SA606662"
REGION: Final = Region(x=0.1, y=0.4, width=0.7, height=0.1)
NOTHING: Final = EvidenceReading(candidates=(), number_seen=False)


def read(number: str = VIN, kind: IdentifierKind = IdentifierKind.VIN) -> EvidenceReading:
    one = ReadNumber(identifier=number, kind=kind, formatted=number, confidence=0.97, region=REGION)
    return EvidenceReading(candidates=(one,), number_seen=True)


def shown(shot: Shot, **more: Any) -> EvidenceRef:
    return photo().model_copy(update={"shot": shot, **more})


Answer = EvidenceReading | Exception


class Reader:
    """Cabinet's reader, as bpa asks it: says what it is told to, and counts who asked for what."""

    def __init__(self) -> None:
        self.answers: dict[UUID, Answer] = {}
        self.asked: list[UUID] = []
        self.hold: asyncio.Event | None = None

    async def get(self, target: str, body: type[EvidenceReading], *, seconds: float | None = None) -> Any:
        assert (body, seconds is not None) == (EvidenceReading, True)
        evidence_id = UUID(target.removeprefix("/internal/v1/evidence/").removesuffix("/reading"))
        self.asked.append(evidence_id)
        if self.hold is not None:
            await self.hold.wait()
        answer = self.answers.get(evidence_id, NOTHING)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
async def new_asker(desk: Desk, reader: Reader) -> AsyncGenerator[Callable[[], Asker]]:
    askers: list[Asker] = []

    def one() -> Asker:
        askers.append(Asker(desk.ports.backbone.database, cast("Peer", reader)))
        return askers[-1]

    yield one
    for asker in askers:
        await asker.close()


@pytest.fixture
def asker(new_asker: Callable[[], Asker]) -> Asker:
    return new_asker()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is asked for again without a pause."""
    again = "bpa_service.cases.readings.proposing._AGAIN"
    monkeypatch.setattr(again, dict.fromkeys((Failure.BUSY, Failure.NOT_READY, Failure.AWAY), timedelta(0)))


async def readings(desk: Desk, case_id: UUID) -> ReadingsOut:
    async with desk.ports.backbone.database.reading() as session:
        found = await queries.of_case(session, case_id)
    assert found is not None
    return ReadingsOut.of(found)


async def of(desk: Desk, case_id: UUID, one: EvidenceRef) -> ReadingOfPhoto:
    shown = await readings(desk, case_id)
    [found] = [each for each in shown.photos if each.evidence_id == one.evidence_id]
    return found


async def accept(
    desk: Desk,
    case_id: UUID,
    one: EvidenceRef,
    text: str = VIN,
    accepted_from: AcceptedFrom = AcceptedFrom.TYPED,
    *,
    by: Expert | None = None,
    seen: int = 0,
) -> int:
    """The version that was accepted."""
    said = ReadingIn(text=text, accepted_from=accepted_from)

    async def verb(acting: Any) -> int:
        accepted = await service.accept(acting, case_id, one.evidence_id, reading=said, seen=seen)
        return accepted.version

    return await desk.do(verb, by=by or desk.anna)


async def take_back(desk: Desk, case_id: UUID, one: EvidenceRef, *, seen: int) -> None:
    async def verb(acting: Any) -> None:
        await service.take_back(acting, case_id, one.evidence_id, seen=seen)

    await desk.do(verb, by=desk.anna)


async def asked_and_settled(asker: Asker, *case_ids: UUID) -> None:
    for case_id in case_ids:
        asker.want(case_id)
    await asker.settled()


async def hints(desk: Desk) -> list[str]:
    async with desk.ports.backbone.database.reading() as session:
        rows = await session.fetch(f"SELECT kind FROM {TABLES.hints.__tablename__} ORDER BY id")
    return [row["kind"] for row in rows]
