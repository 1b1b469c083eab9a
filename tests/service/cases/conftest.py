"""Cases on a real PostgreSQL: cabinet as bpa hears it, experts who act, and a clock that tests set themselves."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.audit import queries as audit
from bpa_service.audit.queries import AuditFilter
from bpa_service.cases import handlers
from bpa_service.cases.asking import service as asking
from bpa_service.cases.asking.schemas import InfoTaskIn
from bpa_service.cases.core.acting import Acting, ExpertActing
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.drafting import service as drafting
from bpa_service.cases.drafting.schemas import WritingIn
from bpa_service.cases.holding import service as holding
from bpa_service.cases.ticking import service as ticking
from bpa_service.cases.viewing import queries
from bpa_service.cases.viewing.queries import Full
from bpa_service.experts.domain import Expert, Role
from bpa_service.search.views import forgetting as kept_questions
from bpa_service.sla import queries as sla
from service_kit.ids import new_id
from service_kit.inbox import Incoming
from service_kit.paging import Page
from shared_schemas.clock import Clock
from shared_schemas.envelope import Event
from shared_schemas.events import BPA_EVENTS
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.evidence import EvidenceRef
from shared_schemas.words import IdentifierKind, InspectionState, Shot
from tests.support.delivery import announced
from tests.support.experts import sign_in

T = TypeVar("T")
START: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
_EVENTS: Final = {event.TYPE: event for event in BPA_EVENTS}


def at(minutes: float) -> datetime:
    """That many minutes after the start."""
    return START + timedelta(minutes=minutes)


def photo(evidence_id: UUID | None = None, info_task_id: UUID | None = None) -> EvidenceRef:
    return EvidenceRef(
        evidence_id=evidence_id or new_id(),
        shot=Shot.VIN_STAMPED,
        sha256="ab" * 32,
        media_type="image/jpeg",
        size_bytes=345_000,
        width=4000,
        height=3000,
        captured_at=None,
        received_at=START,
        info_task_id=info_task_id,
    )


def submitted(
    number: str = "A-0000001", at: datetime = START, evidence: tuple[EvidenceRef, ...] = ()
) -> cabinet.InspectionSubmittedV1:
    return cabinet.InspectionSubmittedV1(
        inspection_id=new_id(),
        number=number,
        client=cabinet.ClientRef(account_id=new_id(), language="ru"),
        claim=cabinet.VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="SAL1A2A40SA606662"),
        worry="Are the digits genuine?",
        evidence=evidence or (photo(),),
        submitted_at=at,
    )


@dataclass
class Desk:
    """bpa at the instant `now`, which passes only when a test says so."""

    ports: ApiPorts
    policy: Policy
    anna: Expert
    boris: Expert
    vera: Expert
    lead: Expert
    now: datetime = START

    async def hear(self, fact: Event, now: datetime | None = None) -> None:
        """An event of cabinet takes effect."""
        self.now = now or self.now
        incoming = Incoming(new_id(), self.now, self.now)
        async with self.ports.backbone.database.writing() as session:
            handle = handlers.handlers(self.policy, forget_numbers=kept_questions.forget)[type(fact)]
            assert handle is not None
            await handle(session, fact, incoming)

    async def do(
        self,
        verb: Callable[..., Awaitable[T]],
        *args: Any,
        by: Expert,
        seen: int | None = None,
        now: datetime | None = None,
        **kw: Any,
    ) -> T:
        """Somebody does something, in a transaction of its own."""
        self.now = now or self.now
        async with self.ports.backbone.database.writing() as session:
            acting = ExpertActing(session=session, policy=self.policy, now=self.now, by=by, seen=seen)
            return await verb(acting, *args, **kw)

    async def tick(self, now: datetime) -> int:
        """Time passes until `now`; returns how many cases were due."""
        self.now = now
        async with self.ports.backbone.database.writing() as session:
            acting = Acting(session=session, policy=self.policy, now=now, by=None)
            return await ticking.tick_due(acting)

    async def opened(
        self,
        number: str = "A-0000001",
        *,
        at: datetime = START,
        now: datetime | None = None,
        evidence: tuple[EvidenceRef, ...] = (),
    ) -> UUID:
        """A case in the queue."""
        fact = submitted(number, at, evidence)
        await self.hear(fact, now or at)
        return fact.inspection_id

    async def in_work(self, number: str = "A-0000001", evidence: tuple[EvidenceRef, ...] = ()) -> UUID:
        """A case that Anna has in hand."""
        case_id = await self.opened(number, evidence=evidence)
        await self.claim(case_id, self.anna)
        return case_id

    async def claim(self, case_id: UUID, by: Expert, now: datetime | None = None) -> Case:
        return await self.do(holding.claim, case_id, by=by, now=now)

    async def beat(self, case_id: UUID, by: Expert, now: datetime) -> Case:
        return await self.do(holding.heartbeat, case_id, by=by, now=now)

    async def write(self, case_id: UUID, writing: WritingIn, by: Expert) -> None:
        await self.do(drafting.save, case_id, writing, by=by)

    async def ask(
        self, case_id: UUID, *, blocking: bool = True, now: datetime | None = None, by: Expert | None = None
    ) -> UUID:
        ask = InfoTaskIn(shot=Shot.VIN_STAMPED, question="Once more, please.", place=None, blocking=blocking)
        task = await self.do(asking.ask, case_id, ask=ask, by=by or self.anna, now=now)
        return task.id

    async def notified(self, case_id: UUID, task_id: UUID, at: datetime, now: datetime | None = None) -> None:
        fact = cabinet.InfoTaskNotifiedV1(
            inspection_id=case_id, task_id=task_id, channel="email", notified_at=at
        )
        await self.hear(fact, now or at)

    async def fulfilled(
        self, case_id: UUID, task_id: UUID, at: datetime, now: datetime | None = None
    ) -> None:
        fact = cabinet.InfoTaskFulfilledV1(
            inspection_id=case_id, task_id=task_id, evidence_ids=(), answer="Here.", fulfilled_at=at
        )
        await self.hear(fact, now or at)

    async def case(self, case_id: UUID) -> Case:
        async with self.ports.backbone.database.reading() as session:
            found = await session.get(Case, case_id)
        assert found is not None
        return found

    async def state(self, case_id: UUID) -> InspectionState:
        return (await self.case(case_id)).state

    async def full(self, case_id: UUID) -> Full:
        async with self.ports.backbone.database.reading() as session:
            found = await queries.full(session, case_id)
        assert found is not None
        return found

    async def clock(self, case_id: UUID) -> Clock:
        async with self.ports.backbone.database.reading() as session:
            found = await sla.clock_of(session, case_id)
        assert found is not None
        return found

    async def events(self, case_id: UUID) -> list[Event]:
        """What bpa announced about the case, in order."""
        return [
            _EVENTS[envelope.type].model_validate(envelope.data)
            for envelope in await announced(self.ports.backbone)
            if envelope.aggregate_id == case_id
        ]

    async def names(self, case_id: UUID) -> list[str]:
        return [event.TYPE for event in await self.events(case_id)]

    async def trail(self, case_id: UUID) -> list[str]:
        """The acts on the audit log, the first one first."""
        async with self.ports.backbone.database.reading() as session:
            found = await audit.entries(session, AuditFilter(case_id=case_id), Page(after=None, limit=1000))
        return [entry.act for entry in reversed(found)]

    def with_policy(self, **changes: Any) -> "Desk":
        return replace(self, policy=replace(self.policy, **changes))


@pytest.fixture
async def desk(bpa_ports: ApiPorts) -> Desk:
    async def person(role: Role, login: str) -> Expert:
        return (await sign_in(bpa_ports, role, login)).expert

    return Desk(
        ports=bpa_ports,
        policy=Policy.of(bpa_ports.settings),
        anna=await person(Role.EXPERT, "anna"),
        boris=await person(Role.EXPERT, "boris"),
        vera=await person(Role.SENIOR, "vera"),
        lead=await person(Role.SHIFT_LEAD, "lena"),
    )
