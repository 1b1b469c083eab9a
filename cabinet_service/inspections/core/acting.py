"""What all acts on an inspection have in common: its lock, the judgement, and the traces that an act leaves."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts.domain import Client
from cabinet_service.audit import actors
from cabinet_service.db.tables import outbox
from cabinet_service.inspections.core import domain, errors, pushing, queries
from cabinet_service.inspections.core.domain import SYSTEM, Act, Actor, ActRefused, Kind, Role, TaskState
from cabinet_service.inspections.core.models import ClockMirror, InfoTask, Inspection
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from service_kit import audit, live
from service_kit.db import Session, as_system
from service_kit.ids import new_id
from service_kit.writes import Write
from shared_schemas.clock import Clock
from shared_schemas.envelope import Event
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.words import InspectionState

_RECORD: Final = """
INSERT INTO timeline_entries (id, inspection_id, at, kind, actor_role, actor_id, actor_name, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING 1
"""
_TIMELINE: Final = frozenset(("timeline_entries",))
_INSPECTIONS: Final = frozenset(("inspections",))


class UnknownInspection(Exception):
    """bpa speaks of an inspection that is not here: this database lost something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """An act under way: in which transaction, and when. Of itself it is nobody's: time's, or the worker's."""

    session: Session
    now: datetime

    @property
    def by(self) -> Actor:
        """Whose act it is, as the timeline names them."""
        return SYSTEM

    @property
    def link_id(self) -> UUID | None:
        """The link by which it is done, where that is somebody to whom the client gave one."""
        return None

    async def lock(self, inspection_id: UUID) -> Inspection:
        """The inspection, whoever's it is, locked until the transaction ends. Raises UnknownInspection."""
        inspection = await self.session.get(Inspection, inspection_id, lock=True)
        if inspection is None:
            raise UnknownInspection(str(inspection_id))
        return inspection

    async def stand(self, inspection: Inspection, state: InspectionState, *, at: datetime) -> None:
        """Let the inspection stand as the rules say. Where the work ends, nothing is asked any more."""
        if state is inspection.state:
            return
        inspection.state = state
        if inspection.reminded_at is not None and state not in domain.AT_THE_CAR:
            await self._withdraw_reminders(inspection)
        if state in domain.OVER:
            inspection.ended_at = at
            await self.withdraw_tasks(inspection, at=at)
        elif inspection.ended_at is not None:
            inspection.ended_at = inspection.ended_reason = inspection.ended_note = None

    async def _withdraw_reminders(self, inspection: Inspection) -> None:
        """Nobody is reminded of a car that waits no more, say when their quiet hours end."""
        await self.session.flush()
        # Whoever is done with it may be another than whoever was reminded.
        async with as_system(self.session):
            await notices.withdraw(
                self.session,
                inspection.account_id,
                inspection.id,
                NotificationKind.REMINDER,
                now=self.now,
            )
            await self.session.flush()

    async def withdraw_tasks(self, inspection: Inspection, *, at: datetime) -> None:
        """Nothing is asked of the client any more."""
        withdrawn = await self.session.scalars(
            update(InfoTask)
            .where(InfoTask.inspection_id == inspection.id, InfoTask.state == TaskState.OPEN)
            .values(state=TaskState.WITHDRAWN, ended_at=at)
            .returning(InfoTask.id)
        )
        for task_id in withdrawn.all():
            await notices.withdraw_task(self.session, task_id, now=at)

    async def record(
        self,
        inspection: Inspection,
        kind: Kind,
        /,
        *,
        by: Actor | None = None,
        at: datetime | None = None,
        **data: Any,
    ) -> None:
        """Put on the timeline what was done, now or `at` another time; tell screens and the company's servers.

        What was done by a link says so, there and in the audit log: the client who gave it answers for it.
        """
        self.changed(inspection, kind)
        by = by or self.by
        if self.link_id is not None and by.id is not None:
            data["link_id"] = self.link_id
            audit.record(
                self.session,
                "done_by_link",
                by=actors.link(by.id),
                now=self.now,
                subject_id=inspection.id,
                details={"kind": kind, **data},
            )
        data = {name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}
        entry = new_id(), inspection.id, at or self.now, kind, by.role, by.id, by.name, json.dumps(data)
        self.session.hold(Write(_RECORD, entry, _TIMELINE, refers_to=_INSPECTIONS))
        if self.link_id is None:
            await self._push(inspection, kind, data, at=at)
            return
        # Whoever has a link sees neither the company's servers nor the clock; what they do is told all the same.
        await self.session.flush()
        async with as_system(self.session):
            await self._push(inspection, kind, data, at=at)
            await self.session.flush()

    async def _push(
        self, inspection: Inspection, kind: Kind, data: dict[str, Any], *, at: datetime | None
    ) -> None:
        await pushing.push(self.session, inspection, kind, data, at=at or self.now, now=self.now)

    def changed(self, inspection: Inspection, hint: str) -> None:
        """The client sees something new: a new version, and a hint to fetch it."""
        inspection.version += 1
        inspection.updated_at = self.now
        audiences = [f"account:{inspection.account_id}"]
        if inspection.company_id is not None:
            audiences.append(f"company:{inspection.company_id}")
        for audience in audiences:
            live.announce(self.session, audience=audience, kind=hint, subject_id=inspection.id)

    async def announce(self, event: Event) -> None:
        """Tell bpa."""
        await outbox.add(self.session, event, now=self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientActing(Acting):
    """A client's act under way."""

    client: Client

    @property
    def by(self) -> Actor:
        return Actor(Role.CLIENT, self.client.account_id, self.client.display_name)

    @property
    def link_id(self) -> UUID | None:
        return self.client.link.id if self.client.link else None

    async def on(self, inspection_id: UUID, act: Act) -> Inspection:
        """The client's inspection, locked, for `act`. Raises NotFound, or the problem that keeps them from it."""
        inspection = await queries.locked(self.session, inspection_id, client=self.client)
        state_after(inspection, act)
        return inspection

    async def move(self, inspection: Inspection, act: Act, *, answered: bool = False) -> None:
        """Let the inspection stand as it does after `act`. Raises the problem that keeps the client from it."""
        await self.stand(inspection, state_after(inspection, act, answered=answered), at=self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirroring(Acting):
    """What an event of the experts' side does here: it is mirrored, put on record, and told to the client."""

    event_id: UUID
    occurred_at: datetime

    async def take_clock(self, inspection: Inspection, clock: Clock) -> None:
        facts = clock.model_dump(mode="json")
        await self.session.execute(
            insert(ClockMirror)
            .values(inspection_id=inspection.id, number=clock.number, facts=facts)
            .on_conflict_do_update(
                index_elements=[ClockMirror.inspection_id, ClockMirror.number], set_={"facts": facts}
            )
        )

    async def hear(self, inspection: Inspection, reported: InspectionState, *, at: datetime) -> None:
        """Let the inspection stand as the experts' side reports. Raises ImpossibleReport."""
        await self.stand(inspection, domain.after_report(inspection.state, reported), at=at)

    async def tell(
        self, inspection: Inspection, kind: NotificationKind, *, info_task_id: UUID | None = None
    ) -> None:
        """Have the client told. Who cancelled has said that they want to hear no more of it."""
        if inspection.state is InspectionState.CANCELLED:
            return
        await notices.tell(
            self.session,
            event_id=self.event_id,
            person_id=inspection.account_id,
            kind=kind,
            subject_id=inspection.id,
            number=inspection.number,
            task_id=info_task_id,
            now=self.now,
        )


def state_after(inspection: Inspection, act: Act, *, answered: bool = False) -> InspectionState:
    """Raises the problem of an act that is refused."""
    try:
        return domain.after_act(inspection.state, act, answered=answered)
    except ActRefused as refusal:
        raise errors.problem_of(refusal) from None


def expert(ref: ExpertRef) -> Actor:
    return Actor(Role.EXPERT, ref.expert_id, ref.display_name)
