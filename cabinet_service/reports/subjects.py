"""What a report is about: an inspection, or a history that was ordered without one.

Whatever hangs on a report (its file, links to it, its verification) asks here, and need not know which.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Client
from cabinet_service.histories import queries as histories
from cabinet_service.histories.models import HistoryOrder
from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.answers.queries import Given
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.inspections.core.models import Inspection
from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound

Ordered = Inspection | HistoryOrder
"""An order, whichever it is."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Which order it is: one of the two has an id."""

    inspection_id: UUID | None = None
    history_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The id of the order, of whichever kind it is."""
        found = self.inspection_id or self.history_id
        if found is None:
            raise ValueError("a subject without an id")
        return found

    def rows(self, table: "type[AboutOne]") -> ColumnElement[bool]:
        """The rows of the table that are about it."""
        if self.inspection_id is not None:
            return table.inspection_id == self.inspection_id
        return table.history_id == self.history_id

    async def order(self, session: ReadSession) -> Ordered:
        """The order, whoever's it is. Raises NotFound."""
        found: Ordered | None
        if self.inspection_id is not None:
            found = next(iter(await inspections.inspections(session, [self.inspection_id])), None)
        else:
            found = await histories.order(session, self.id)
        if found is None:
            raise NotFound
        return found

    async def order_of(self, session: ReadSession, client: Client) -> Ordered:
        """The order, if the client may see it. Raises NotFound."""
        if self.inspection_id is not None:
            return await inspections.inspection(session, self.inspection_id, client=client)
        return await histories.of_client(session, self.id, client=client)

    async def locked(self, session: Session, *, now: datetime) -> Ordered:
        """The order, whoever's it is, locked until the transaction ends."""
        if self.inspection_id is not None:
            return await Acting(session=session, now=now).lock(self.inspection_id)
        return await histories.locked(session, self.id)

    async def hold(self, session: Session) -> bool:
        """Have whoever erases the order wait for this transaction; whether it is not erased."""
        if self.inspection_id is not None:
            return await inspections.hold(session, self.inspection_id)
        return await histories.hold(session, self.id)

    async def is_erased(self, session: ReadSession) -> bool:
        """Whether it ended with the order, or with the account that ordered it in its own name: from the instant
        at which that was asked for, whenever a worker does it.
        """
        order = await self.order(session)
        of_person = order.account_id if order.company_id is None else None
        is_gone = of_person is not None and await accounts.client(session, of_person) is None
        return order.erased_at is not None or is_gone

    async def given(self, session: ReadSession) -> Sequence[Given]:
        """The versions of the answer, the oldest first, whether their reports are here by now or not. A history
        has one, once it is made.
        """
        if self.inspection_id is not None:
            return await answers.given(session, self.inspection_id)
        order = await histories.order(session, self.id)
        return [Given(1, order.made_at)] if order is not None and order.made_at is not None else []


class AboutOne:
    """The columns of a table whose rows are about one subject, which `one_subject` holds them to."""

    inspection_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspections.id"))
    history_id: Mapped[UUID | None] = mapped_column(ForeignKey("history_orders.id"))

    @property
    def subject(self) -> Subject:
        return Subject(self.inspection_id, self.history_id)


def one_subject() -> CheckConstraint:
    """That a row is about one subject and no more."""
    return CheckConstraint("num_nonnulls(inspection_id, history_id) = 1", name="one_subject")
