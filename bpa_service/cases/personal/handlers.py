"""Erasing the cases of clients who want to be forgotten."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from sqlalchemy import delete

from bpa_service.cases.core.acting import Acting, client_of
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.drafting import service as drafting
from bpa_service.cases.ending import service as ending
from bpa_service.cases.naming import queries as naming_queries
from bpa_service.cases.naming import service as naming
from bpa_service.cases.personal.work import ConfirmErasure
from bpa_service.cases.tying import service as tying
from bpa_service.db.models import Base
from bpa_service.db.tables import TABLES, outbox
from bpa_service.evidence import comparing
from bpa_service.exemplars import service as exemplars
from bpa_service.vehicles.enquiries import service as enquiries
from bpa_service.vehicles.enquiries.service import Occasion
from service_kit.db import Session
from service_kit.forgetting import forget, forget_rows
from shared_schemas.crossings import ClientAct
from shared_schemas.events.cabinet_v1 import InspectionErasedV1

ForgetNumbers = Callable[[Session, Collection[str], datetime], Awaitable[None]]
"""What else is forgotten with a case: where somebody put down these numbers of its car."""


async def erase(acting: Acting, fact: InspectionErasedV1, *, forget_numbers: ForgetNumbers) -> None:
    """Forget what the client said and what was written about it; ids, times, states and verdicts stay.

    Nothing of the client's comes after this event, and no expert can act on the case any more.
    """
    case = await acting.lock(fact.inspection_id)
    if case.state in OPEN:
        # Cabinet ends it first; but a dispute that an amendment crossed is open here again.
        act = ClientAct.TAKE_BACK if case.disputed else ClientAct.CANCEL
        await ending.end(acting, case, act, at=fact.erased_at)
    acting.record(case, "case_erased", by=client_of(case))
    forget(case)
    case.erased_at = acting.now
    await comparing.forget_looks(acting.session, case.id)
    called = await naming_queries.of_case(acting.session, case.id)
    await forget_numbers(acting.session, {name.key for name in called}, acting.now)
    await naming.forget(acting, case.id)
    await tying.forget(acting, case)
    await exemplars.forget(acting.session, case.id, now=acting.now)
    await drafting.drop(acting.session, case)
    await enquiries.forget(acting.session, Occasion(case_id=case.id))
    await forget_rows(acting.session, Base, "case_id", case.id)
    keys = TABLES.idempotency_keys
    await acting.session.execute(delete(keys).where(keys.subject_id == case.id))
    await outbox.enqueue(acting.session, ConfirmErasure(case_id=case.id), now=acting.now)
    await TABLES.redaction.redact(acting.session, case.id)
