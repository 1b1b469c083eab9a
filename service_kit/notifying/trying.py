"""Trying whether messages come at one address: a notification that says no more, and goes nowhere else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from service_kit.db import ReadSession, Session
from service_kit.ids import new_id
from service_kit.notifying.notices import CHANNEL, Notices
from service_kit.notifying.rules import DeliveryState
from service_kit.notifying.tables import AddressColumns, DeliveryColumns

TEST: Final = "test"
"""The kind of such a notification. It is about the person, is no news, and nobody chooses how it comes."""


async def try_address(session: Session, notices: Notices, address: AddressColumns, *, now: datetime) -> None:
    """Have the sender say something there, unless it is about to. What becomes of it, `last_told` says."""
    told, sent = notices.notifications, notices.deliveries
    waits = (sent.address_id == address.id, sent.state == DeliveryState.QUEUED, told.kind == TEST)
    if await session.scalar(
        select(sent.id).join(told, told.id == sent.notification_id).where(*waits).limit(1)
    ):
        return
    notification_id = new_id()
    about = {
        "kind": TEST,
        "subject_id": address.person_id,
        "number": "",
        "task_id": None,
        "escalate_at": None,
    }
    await session.execute(
        insert(told).values(
            id=notification_id, event_id=new_id(), person_id=address.person_id, created_at=now, **about
        )
    )
    await session.execute(
        insert(sent)
        .values(
            id=new_id(),
            notification_id=notification_id,
            person_id=address.person_id,
            channel=address.channel,
            address_id=address.id,
            state=DeliveryState.QUEUED,
            due_at=now,
        )
        .returning(func.pg_notify(CHANNEL, ""))
    )


async def last_told(
    session: ReadSession, notices: Notices, person_id: UUID
) -> Mapping[UUID, DeliveryColumns]:
    """By the address, what became of the last message of those that were for it alone."""
    sent = notices.deliveries
    newest = (
        select(sent)
        .where(sent.person_id == person_id, sent.address_id.is_not(None))
        .ext(distinct_on(sent.address_id))
        .order_by(sent.address_id, sent.id.desc())
    )
    return {one.address_id: one for one in await session.scalars(newest) if one.address_id is not None}
