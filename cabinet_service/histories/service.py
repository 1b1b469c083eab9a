"""Ordering histories, and forgetting them."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import select, update

from cabinet_service.accounts.domain import Client
from cabinet_service.accounts.visibility import branch_for
from cabinet_service.audit import actors
from cabinet_service.companies import ordering
from cabinet_service.consents import queries as consents
from cabinet_service.consents.documents import Document
from cabinet_service.db.models import Base
from cabinet_service.db.rows import Json, each
from cabinet_service.db.tables import TABLES, outbox
from cabinet_service.histories import queries
from cabinet_service.histories.errors import NumberUnfit
from cabinet_service.histories.models import HistoryOrder
from cabinet_service.histories.schemas import NewHistory
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from service_kit import audit, live, locks
from service_kit.db import Session
from service_kit.forgetting import exported, forget, forget_rows
from service_kit.ids import new_id
from shared_schemas import vin
from shared_schemas.events.bpa_v1 import HistoryForgottenV1
from shared_schemas.events.cabinet_v1 import HistoryErasedV1, HistoryOrderedV1, VehicleClaim
from shared_schemas.identifiers import Reading, read_identifier
from shared_schemas.words import IdentifierKind

SAME_WITHIN: Final = timedelta(days=1)
"""So long an order of the same car gives the one that there is: what sources say costs, and is as it was."""
MADE_WITHIN: Final = timedelta(minutes=10)
"""A report is there by then, unless something is wrong."""


class Placed(NamedTuple):
    """An order, and whether it is a new one."""

    order: HistoryOrder
    is_new: bool


async def order(session: Session, client: Client, new: NewHistory, *, now: datetime) -> Placed:
    """Order what is known of a car, or find what was ordered within a day, if all who were asked have answered.

    Raises NumberUnfit, ConsentRequired, or NotFound for a company not one's own; for a company also BranchClosed
    or CompanyTermsRequired.
    """
    read = read_identifier(new.text, new.kind, this_year=now.year)
    if not is_usable(read):
        raise NumberUnfit(issues=[issue.code for issue in read.issues])
    branch_id = await branch_for(session, client, new.company_id, new.branch_id)
    if new.company_id is not None:
        await ordering.check_place(session, new.company_id, branch_id)
        await ordering.check_terms(session, new.company_id)
    await consents.require(session, client.account_id, Document.PERSONAL_DATA)
    # Whoever orders the same at the same instant waits, and finds it.
    await locks.hold(session, f"history of {new.company_id or client.account_id} {read.kind} {read.value}")
    same = await queries.same_since(
        session,
        read.kind,
        read.value,
        now - SAME_WITHIN,
        begun_since=now - MADE_WITHIN,
        account_id=client.account_id,
        company_id=new.company_id,
        branch_id=branch_id,
    )
    if same is not None:
        return Placed(same, is_new=False)
    made = HistoryOrder(
        id=new_id(),
        account_id=client.account_id,
        company_id=new.company_id,
        branch_id=branch_id,
        identifier_kind=read.kind,
        identifier=read.value,
        is_test=session.sandbox,
        created_at=now,
    )
    session.add(made)
    await session.flush_objects()  # the database gives it its number
    by = actors.client(client.account_id)
    audit.record(session, "history_ordered", by=by, now=now, subject_id=made.id)
    claim = VehicleClaim(identifier_kind=read.kind, identifier=read.value)
    ordered = HistoryOrderedV1(
        history_id=made.id, number=made.number, claim=claim, ordered_at=now, is_test=made.is_test
    )
    await outbox.add(session, ordered, now=now)
    return Placed(made, is_new=True)


def is_usable(read: Reading) -> bool:
    """Whether sources can be asked by it: it is whole, keeps the rules of its kind, and is somebody's number."""
    is_nobodys = read.kind is IdentifierKind.VIN and vin.is_placeholder(read.value)
    return read.ok and not read.breaks_rules and not is_nobodys


async def announce(session: Session, order: HistoryOrder, report_id: UUID, *, now: datetime) -> None:
    """Its report is there: have the screens that show it fetch it again, and whoever ordered it told once."""
    await notices.tell(
        session,
        event_id=uuid5(report_id, "ready"),
        person_id=order.account_id,
        kind=NotificationKind.HISTORY_READY,
        subject_id=order.id,
        number=order.number,
        now=now,
    )
    live.announce(session, audience=f"account:{order.account_id}", kind="history_ready", subject_id=order.id)
    if order.company_id is not None:
        live.announce(
            session, audience=f"company:{order.company_id}", kind="history_ready", subject_id=order.id
        )


async def erase(session: Session, history_id: UUID, *, now: datetime) -> None:
    """Forget which car it was about and what was told of it, and have the experts' side do so. Done again it
    changes nothing.
    """
    order = await queries.locked(session, history_id)
    if order.erased_at is None:
        forget(order)
        order.erased_at = now
        await forget_rows(session, Base, "history_id", order.id)
        await outbox.add(session, HistoryErasedV1(history_id=order.id, erased_at=now), now=now)
        await session.flush()
        await TABLES.redaction.redact(session, order.id)


async def record_forgetting(session: Session, fact: HistoryForgottenV1) -> UUID | None:
    """The experts' side confirms; returns whose it was, in their own name."""
    return await session.scalar(
        update(HistoryOrder)
        .where(HistoryOrder.id == fact.history_id)
        .values(forgotten_at=fact.forgotten_at)
        .returning(HistoryOrder.account_id)
    )


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of what they ordered in their own name."""
    own = select(HistoryOrder).where(HistoryOrder.id.in_(queries.own_ids(account_id).scalar_subquery()))
    async for row in each(session, own.order_by(HistoryOrder.created_at)):
        yield "history_orders", exported(row)
