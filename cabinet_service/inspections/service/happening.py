"""What every act and every event does to an inspection: it moves on, is put on record, and is announced."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections import domain, errors, queries
from cabinet_service.inspections.domain import Act, Actor, ActRefused, Kind, Role, TaskState
from cabinet_service.inspections.models import InfoTask, Inspection
from cabinet_service.notifications import service as notifications
from service_kit import direct, live
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.words import InspectionState

_RECORD: Final = """
INSERT INTO timeline_entries (id, inspection_id, at, kind, actor_role, actor_id, actor_name, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def begin(session: Session, inspection_id: UUID, act: Act, *, client: Client) -> Inspection:
    """Lock the client's inspection for an act. Raises NotFound, or the problem of an act that is refused."""
    inspection = await queries.locked(session, inspection_id, client=client)
    state_after(inspection, act)
    return inspection


def state_after(inspection: Inspection, act: Act) -> InspectionState:
    """Raises the problem of an act that is refused."""
    try:
        return domain.after_act(inspection.state, act)
    except ActRefused as refusal:
        raise errors.problem_of(refusal) from None


def by_client(client: Client) -> Actor:
    return Actor(Role.CLIENT, client.account_id, client.display_name)


async def move(session: Session, inspection: Inspection, state: InspectionState, *, at: datetime) -> None:
    """Set the state, which the caller got from the rules. Where it is the end, nothing is asked any more."""
    if state is inspection.state:
        return
    inspection.state = state
    if state not in domain.OVER:
        return
    inspection.ended_at = at
    withdrawn = await session.scalars(
        update(InfoTask)
        .where(InfoTask.inspection_id == inspection.id, InfoTask.state == TaskState.OPEN)
        .values(state=TaskState.WITHDRAWN, ended_at=at)
        .returning(InfoTask.id)
    )
    for task_id in withdrawn.all():
        await notifications.withdraw_info_task(session, task_id, now=at)


async def record(
    session: Session,
    inspection: Inspection,
    kind: Kind,
    actor: Actor,
    *,
    at: datetime,
    now: datetime,
    **data: Any,
) -> None:
    """Put on record what happened `at` some time and is known `now`, and tell the screens that show it."""
    changed(session, inspection, kind, now=now)
    await session.flush()  # the inspection may be new, and its entry refers to it
    await direct.fetch(
        session,
        _RECORD,
        new_id(),
        inspection.id,
        at,
        kind,
        actor.role,
        actor.id,
        actor.name,
        json.dumps({name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}),
    )


def changed(session: Session, inspection: Inspection, hint: str, *, now: datetime) -> None:
    """The client sees something new: a new version, and a hint to fetch it."""
    inspection.version += 1
    inspection.updated_at = now
    audiences = [f"account:{inspection.account_id}"]
    if inspection.company_id is not None:
        audiences.append(f"company:{inspection.company_id}")
    for audience in audiences:
        live.announce(session, audience=audience, kind=hint, subject_id=inspection.id)
