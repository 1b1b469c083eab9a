"""Erasing an account: at once what lets anybody in, then, in the background, everything else.

The steps are work in the outbox, each a transaction of its own that may be done again: an erasure that is
interrupted anywhere goes on from there. It is complete when the experts' side has confirmed every inspection, and
the search index has let go of them.
"""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts import erasing as accounts
from cabinet_service.accounts import queries
from cabinet_service.audit import actors
from cabinet_service.audit.actors import Actor
from cabinet_service.bulk import service as bulk
from cabinet_service.companies import queries as companies
from cabinet_service.companies import withdrawing
from cabinet_service.companies.logos import service as logos
from cabinet_service.consents import service as consents
from cabinet_service.db.tables import TABLES, outbox
from cabinet_service.histories import queries as histories
from cabinet_service.histories import service as ordered_histories
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.inspections.personal import erasing as inspections
from cabinet_service.keys import service as api_keys
from cabinet_service.max import service as max_chats
from cabinet_service.notifications import service as notifications
from cabinet_service.ports import FileStore
from cabinet_service.privacy import exporting
from cabinet_service.privacy.ledger import Ledger
from cabinet_service.privacy.models import Erasure, InspectionErasure
from cabinet_service.privacy.work import CompleteErasure, EraseAccount, EraseHistory, EraseInspection
from cabinet_service.reports.files import service as report_files
from cabinet_service.reports.sharing import service as sharing
from cabinet_service.reports.subjects import Subject
from cabinet_service.telegram import service as telegram
from cabinet_service.uploads import service as uploads
from cabinet_service.watching import service as watching
from cabinet_service.webhooks import service as webhooks
from service_kit import audit
from service_kit.db import Session
from service_kit.inbox import Incoming
from service_kit.search.keeping import letting_go
from shared_schemas.events.bpa_v1 import CaseErasedV1, HistoryForgottenV1


async def request(session: Session, account_id: UUID, *, by: Actor, now: datetime) -> Erasure:
    """Begin to forget a client: from here on nobody can sign in to the account. Raises LastAdmin."""
    company_ids = await accounts.check_replaceable(session, account_id)
    await accounts.erase(session, account_id, now=now)
    erasure = Erasure(account_id=account_id, requested_at=now, completed_at=None)
    session.add(erasure)
    left = await companies.left_by(session, account_id)
    work = EraseAccount(account_id=account_id, company_ids=(*company_ids, *left))
    await outbox.enqueue(session, work, now=now)
    for company_id in company_ids:
        details = {"company_id": company_id}
        audit.record(session, "member_left", by=by, now=now, subject_id=account_id, details=details)
        if not await companies.count_members(session, company_id):
            # Nobody is left who could: its programs order nothing more, its servers are told nothing, and its
            # reports look like ours.
            await api_keys.revoke_all(session, company_id, by=by, now=now)
            await webhooks.turn_off_all(session, company_id, now=now)
            await logos.erase(session, company_id)
    await withdrawing.withdraw_of(session, account_id, now=now)
    audit.record(session, "erasure_requested", by=by, now=now, subject_id=account_id)
    return erasure


async def request_again(session: Session, account_id: UUID, *, now: datetime) -> bool:
    """`request` for a client whom a restored backup brought back; False if there is nobody to forget.

    An account that was made after the backup is not there, and one that it held as erased is on its way already.
    Raises LastAdmin.
    """
    if await queries.client(session, account_id) is None:
        return False
    await request(session, account_id, by=actors.OPERATOR, now=now)
    return True


async def on_erase_account(
    session: Session, work: EraseAccount, incoming: Incoming, *, files: FileStore, ledger: Ledger
) -> None:
    """Erase what hangs on the account itself, and give each inspection to the worker.

    The account is erased once more: a request that was under way when it ended may have left something.
    """
    account_id = work.account_id
    erasure = await session.get_one(Erasure, account_id)
    await asyncio.to_thread(ledger.note, account_id, erasure.requested_at)
    await accounts.erase(session, account_id, now=incoming.now)
    await consents.erase(session, account_id)
    await withdrawing.erase(session, account_id)
    keys = TABLES.idempotency_keys
    await session.execute(delete(keys).where(keys.owner == f"account:{account_id}"))
    await telegram.erase(session, account_id)
    await max_chats.erase(session, account_id)
    await notifications.erase(session, account_id)
    await exporting.erase(session, account_id, files=files)
    await uploads.erase(session, account_id, files=files)
    await bulk.erase(session, account_id)
    await watching.erase(session, account_id)
    await inspections.forget_name(session, account_id, company_ids=work.company_ids)
    for inspection_id in await inspections.own_and_left(session, account_id):
        await session.execute(
            insert(InspectionErasure)
            .values(inspection_id=inspection_id, account_id=account_id)
            .on_conflict_do_nothing()
        )
        step = EraseInspection(account_id=account_id, inspection_id=inspection_id)
        await outbox.enqueue(session, step, now=incoming.now)
    for history_id in await histories.own_and_left(session, account_id):
        order = EraseHistory(account_id=account_id, history_id=history_id)
        await outbox.enqueue(session, order, now=incoming.now)
    await _complete_if_done(session, account_id, now=incoming.now)


async def on_erase_inspection(
    session: Session, work: EraseInspection, incoming: Incoming, *, files: FileStore
) -> None:
    await notifications.erase(session, work.account_id)  # before any lock that their sender waits for
    is_known = await erase_inspection(session, work.inspection_id, now=incoming.now, files=files)
    erased = {"erased_at": incoming.now} | ({} if is_known else {"confirmed_at": incoming.now})
    await session.execute(
        update(InspectionErasure)
        .where(InspectionErasure.inspection_id == work.inspection_id, InspectionErasure.erased_at.is_(None))
        .values(erased)
    )
    await _complete_if_done(session, work.account_id, now=incoming.now)


async def erase_inspection(session: Session, inspection_id: UUID, *, now: datetime, files: FileStore) -> bool:
    """Erase it with its reports, the files of these, and who has opened links to it.

    Returns whether the experts' side knows of it: it is told, and confirms.
    """
    keys = TABLES.idempotency_keys  # of whoever had a link to it
    await session.execute(delete(keys).where(keys.subject_id == inspection_id))
    is_known = await inspections.erase(Acting(session=session, now=now), inspection_id, files=files)
    await watching.forget_inspection(session, inspection_id)  # locked by now: nobody begins to watch it
    subject = Subject(inspection_id=inspection_id)
    await sharing.forget_views(session, subject)  # locked by now: nobody notes another
    await report_files.erase(session, subject, files=files)
    return is_known


async def on_erase_history(
    session: Session, work: EraseHistory, incoming: Incoming, *, files: FileStore
) -> None:
    await erase_history(session, work.history_id, now=incoming.now, files=files)


async def erase_history(session: Session, history_id: UUID, *, now: datetime, files: FileStore) -> None:
    """Erase it with its report, the files of that, and who has opened links to it."""
    await ordered_histories.erase(session, history_id, now=now)
    subject = Subject(history_id=history_id)
    await sharing.forget_views(session, subject)  # locked by now: nobody notes another
    await report_files.erase(session, subject, files=files)


async def on_history_forgotten(session: Session, fact: HistoryForgottenV1, incoming: Incoming) -> None:
    """The experts' side confirms."""
    account_id = await ordered_histories.record_forgetting(session, fact)
    if account_id is not None:
        await _complete_if_done(session, account_id, now=incoming.now)


async def on_case_erased(session: Session, fact: CaseErasedV1, incoming: Incoming) -> None:
    """The experts' side confirms."""
    account_id = await session.scalar(
        update(InspectionErasure)
        .where(InspectionErasure.inspection_id == fact.inspection_id)
        .values(confirmed_at=fact.erased_at)
        .returning(InspectionErasure.account_id)
    )
    if account_id is not None:
        await _complete_if_done(session, account_id, now=incoming.now)


async def on_complete_erasure(session: Session, work: CompleteErasure, incoming: Incoming) -> None:
    """Raises RetryLater while the search index may still hold an inspection of the account."""
    erasure = await session.get_one(Erasure, work.account_id, lock=True)
    if not await _is_done(session, erasure, now=incoming.now):
        return
    of_account = InspectionErasure.account_id == work.account_id
    ids = (await session.scalars(select(InspectionErasure.inspection_id).where(of_account))).all()
    await letting_go.wait_for(session, ids, incoming)
    erasure.completed_at = incoming.now
    audit.record(
        session,
        "erasure_completed",
        by=None,
        now=incoming.now,
        subject_id=work.account_id,
        details={"inspections": len(ids)},
    )


async def _complete_if_done(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Whoever confirms the last inspection has the erasure completed: they come one after the other here.

    Of an account that is not erased, a test of which was, there is nothing to complete.
    """
    erasure = await session.get(Erasure, account_id, lock=True)
    if erasure is not None and await _is_done(session, erasure, now=now):
        await outbox.enqueue(session, CompleteErasure(account_id=account_id), now=now)


async def _is_done(session: Session, erasure: Erasure, *, now: datetime) -> bool:
    """Whether all but the index is erased, and nobody has put that down yet."""
    if erasure.completed_at is not None or await _unconfirmed(session, erasure.account_id):
        return False
    left = [
        *await inspections.own_and_left(session, erasure.account_id),
        *await histories.own_and_left(session, erasure.account_id),
    ]
    if left:
        # Begun by a request that was under way when the account ended.
        await outbox.enqueue(session, EraseAccount(account_id=erasure.account_id, company_ids=()), now=now)
        return False
    return True


async def _unconfirmed(session: Session, account_id: UUID) -> bool:
    found = await session.scalar(
        select(InspectionErasure.inspection_id)
        .where(InspectionErasure.account_id == account_id, InspectionErasure.confirmed_at.is_(None))
        .limit(1)
    )
    return found is not None or await histories.is_unconfirmed(session, account_id)
