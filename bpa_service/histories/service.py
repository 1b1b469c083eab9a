"""Taking orders of histories, and forgetting them."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases.core import claims
from bpa_service.db.tables import TABLES, outbox
from bpa_service.histories.models import HistoryOrder
from bpa_service.vehicles.enquiries import service as enquiries
from bpa_service.vehicles.enquiries.service import Occasion
from bpa_service.vehicles.enquiries.work import SourcesHeard
from service_kit import audit
from service_kit.bus import GiveUp
from service_kit.db import Session
from service_kit.forgetting import forget as erase_personal
from shared_schemas.events.bpa_v1 import HistoryForgottenV1
from shared_schemas.events.cabinet_v1 import HistoryOrderedV1

MADE_WITHIN: Final = timedelta(minutes=3)
"""So long sources are waited for: a client looks at the page, and most answer within seconds."""
PUT_OFF_BY: Final = timedelta(minutes=1)
DUE_EVERY: Final = timedelta(seconds=5)
_AT_ONCE: Final = 50


async def take(session: Session, order: HistoryOrderedV1, *, sources: tuple[str, ...], now: datetime) -> None:
    """Have the sources asked that take the number. Where none does, the report is made of the files at once.

    Raises GiveUp for a test outside of a sandbox, and for anything else within one.
    """
    if order.is_test is not session.sandbox:
        raise GiveUp(f"history {order.history_id} is of another kind of installation: SANDBOX differs")
    session.add(
        HistoryOrder(
            id=order.history_id,
            number=order.number,
            is_test=order.is_test,
            claim=order.claim.model_dump(mode="json"),
            ordered_at=order.ordered_at,
            make_by=now + MADE_WITHIN,
        )
    )
    await session.flush()
    asked = await enquiries.put_down(
        session,
        Occasion(history_id=order.history_id),
        claims.identifiers(order.claim),
        sources,
        now=now,
        goes_on_for=MADE_WITHIN,
    )
    if not asked:
        await outbox.enqueue(session, SourcesHeard(history_id=order.history_id), now=now)


async def have_due_made(session: Session, now: datetime) -> bool:
    """Have the reports made for which sources were waited long enough. Returns whether there may be more."""
    due = await session.scalars(
        select(HistoryOrder)
        .where(HistoryOrder.made_at.is_(None), HistoryOrder.erased_at.is_(None), HistoryOrder.make_by <= now)
        .order_by(HistoryOrder.make_by)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for order in (found := due.all()):
        order.make_by = now + PUT_OFF_BY
        await outbox.enqueue(session, SourcesHeard(history_id=order.id), now=now)
    return len(found) == _AT_ONCE


async def forget(session: Session, history_id: UUID, *, now: datetime) -> None:
    """Forget which car was asked for and what was answered; that there was an order, and when, stays."""
    order = await session.get_one(HistoryOrder, history_id, lock=True)
    if order.erased_at is None:
        erase_personal(order)
        order.erased_at = now
        await enquiries.forget(session, Occasion(history_id=order.id))
        await session.flush()
        await TABLES.redaction.redact(session, order.id)
        audit.record(session, "history_erased", by=None, now=now, subject_id=order.id)
        await outbox.add(session, HistoryForgottenV1(history_id=order.id, forgotten_at=now), now=now)
