"""Taking one's data along: an archive of what both services hold, made in the background, kept for a week."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import structlog
from sqlalchemy import select, update

from cabinet_service.accounts import data_export as accounts
from cabinet_service.accounts import queries as account_queries
from cabinet_service.accounts.domain import Client
from cabinet_service.bulk import service as bulk
from cabinet_service.companies import data_export as companies
from cabinet_service.consents import service as consents
from cabinet_service.db.tables import outbox
from cabinet_service.histories import queries as histories
from cabinet_service.histories import service as ordered_histories
from cabinet_service.inspections.personal import data_export as inspections
from cabinet_service.notifications import service as notifications
from cabinet_service.photos import service as photos
from cabinet_service.ports import FileMissing, FileStore, Ports
from cabinet_service.privacy.archive import Archive
from cabinet_service.privacy.models import Export, ExportState
from cabinet_service.privacy.work import MakeExport
from cabinet_service.reports import service as reports
from cabinet_service.reports.badges import data_export as badges
from cabinet_service.reports.sharing import data_export as sharing
from cabinet_service.watching import service as watching
from service_kit.bus import RetryLater
from service_kit.db import ReadSession, Session
from service_kit.http.peer import Peer, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.inbox import Incoming
from service_kit.scratch import nameless_file
from shared_schemas.rest.clients import ClientData

log = structlog.get_logger(__name__)

KEPT_FOR: Final = timedelta(days=7)
PATIENCE: Final = timedelta(days=1)
SWEEP_EVERY: Final = timedelta(hours=1)


async def request(session: Session, client: Client, *, now: datetime) -> Export:
    """Have an archive made; while one is being made, that is the one."""
    await account_queries.lock(session, client.account_id)
    pending = await session.scalar(
        select(Export).where(Export.account_id == client.account_id, Export.state == ExportState.PENDING)
    )
    if pending is not None:
        return pending
    export = Export(id=new_id(), account_id=client.account_id, state=ExportState.PENDING, requested_at=now)
    session.add(export)
    await outbox.enqueue(session, MakeExport(export_id=export.id), now=now)
    return export


async def newest(session: ReadSession, client: Client) -> Sequence[Export]:
    """The client's exports, the youngest first."""
    rows = await session.scalars(
        select(Export)
        .where(Export.account_id == client.account_id)
        .order_by(Export.requested_at.desc())
        .limit(100)
    )
    return rows.all()


async def find(session: ReadSession, export_id: UUID, client: Client) -> Export:
    """Raises NotFound for one that is not the client's."""
    export = await session.get(Export, export_id)
    if export is None or export.account_id != client.account_id:
        raise NotFound
    return export


async def on_make_export(session: Session, work: MakeExport, incoming: Incoming, *, ports: Ports) -> None:
    """Make the archive. After a crash it is made anew, in the same place.

    Who erases the account meanwhile waits for the lock, and then finds the file to delete.
    """
    export = await session.get(Export, work.export_id, lock=True)
    if export is None or export.state is not ExportState.PENDING:
        return
    with nameless_file() as path:
        try:
            with Archive(path) as archive:
                await _fill(archive, session, export.account_id, ports)
        except PeerUnavailable as error:
            raise RetryLater(str(error)) from error
        export.size_bytes = path.stat().st_size
        await ports.files.put(export.file_key, path)
    export.state = ExportState.READY
    export.expires_at = incoming.now + KEPT_FOR


async def _fill(archive: Archive, session: Session, account_id: UUID, ports: Ports) -> None:
    memberships = await account_queries.named_memberships(session, account_id)
    company_ids = [named.membership.company_id for named in memberships]
    own = inspections.own_ids(account_id)
    await archive.add_rows(accounts.rows(session, account_id))
    await archive.add_rows(consents.rows(session, account_id))
    await archive.add_rows(companies.rows(session, account_id))
    await archive.add_rows(inspections.rows(session, account_id, company_ids=company_ids))
    own_histories = histories.own_ids(account_id)
    await archive.add_rows(ordered_histories.rows(session, account_id))
    await archive.add_rows(sharing.rows(session, of=own, histories=own_histories))
    await archive.add_rows(badges.rows(session, of=own))
    await archive.add_rows(bulk.data_of(session, account_id))
    await archive.add_rows(watching.rows(session, account_id))
    await archive.add_rows(photos.rows(session, of=own))
    await archive.add_rows(reports.rows(session, of=own, histories=own_histories))
    await archive.add_rows(notifications.rows(session, account_id))
    await archive.add_rows(_of_experts(ports.backbone.peer, account_id))
    async for name, key in photos.originals(session, of=own):
        try:
            await archive.add_file(f"photos/{name}", await ports.files.open(key))
        except FileMissing:
            log.exception("photo_lost", key=key)


async def _of_experts(peer: Peer, account_id: UUID) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
    """What bpa holds of the client, page by page."""
    page: str | None = None
    while True:
        query = f"?{urlencode({'after': page})}" if page else ""
        data = await peer.get(f"/internal/v1/clients/{account_id}/data{query}", ClientData)
        for case in data.cases:
            yield "experts", case.model_dump(mode="json")
        page = data.next_page
        if page is None:
            return


async def sweep(session: Session, now: datetime, *, files: FileStore) -> None:
    """Delete files whose week is over, and give up exports that could not be made."""
    over = select(Export).where(Export.state == ExportState.READY, Export.expires_at < now)
    for export in (await session.scalars(over.with_for_update(skip_locked=True).limit(100))).all():
        await files.delete(export.file_key)
        export.state = ExportState.EXPIRED
    await session.execute(
        update(Export)
        .where(Export.state == ExportState.PENDING, Export.requested_at < now - PATIENCE)
        .values(state=ExportState.FAILED)
    )


async def erase(session: Session, account_id: UUID, *, files: FileStore) -> None:
    """Delete the archives of a client. One that is being made is waited for."""
    rows = await session.scalars(select(Export).where(Export.account_id == account_id).with_for_update())
    for export in rows.all():
        await files.delete(export.file_key)
        session.delete(export)
