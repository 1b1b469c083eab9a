"""Photos of an inspection: added at any time while it is open, taken back while it is a draft."""

from datetime import datetime
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.db.tables import outbox
from cabinet_service.inspections import queries
from cabinet_service.inspections.domain import Act, Kind
from cabinet_service.inspections.errors import UnknownInfoTask
from cabinet_service.inspections.models import Inspection
from cabinet_service.inspections.schemas import CopyFields, UploadFields
from cabinet_service.inspections.service import happening
from cabinet_service.photos import service as photos
from cabinet_service.photos.service import Announced, Received, TakenIn, Told
from cabinet_service.ports import FileStore
from service_kit.db import Session
from service_kit.http.problems import NotFound
from shared_schemas.events.cabinet_v1 import InspectionEvidenceAddedV1, InspectionOriginalReceivedV1
from shared_schemas.words import InspectionState


async def add_photo(
    session: Session,
    inspection_id: UUID,
    photo: TakenIn,
    fields: UploadFields,
    *,
    client: Client,
    files: FileStore,
    now: datetime,
) -> Received:
    """Make a photo that was taken in part of the inspection. What is there already is not added again.

    Raises TooManyPhotos or UnknownInfoTask.
    """
    inspection = await _open_for(session, inspection_id, fields, client=client)
    received = await photos.attach(
        session, photo, _told(fields), inspection_id=inspection.id, files=files, now=now
    )
    if received.is_new:
        await _announce(session, inspection, received, client=client, now=now)
    elif received.completes:
        if inspection.state is not InspectionState.DRAFT:
            event = InspectionOriginalReceivedV1(
                inspection_id=inspection.id, evidence=received.ref, received_at=now
            )
            await outbox.add(session, event, now=now)
        happening.changed(session, inspection, "original_received", now=now)
    return received


async def add_copy(
    session: Session,
    inspection_id: UUID,
    copy: TakenIn,
    fields: CopyFields,
    *,
    client: Client,
    files: FileStore,
    now: datetime,
) -> Received:
    """Have a copy that was taken in stand for a photo until its original comes. Raises the same."""
    inspection = await _open_for(session, inspection_id, fields, client=client)
    announced = Announced(bytes.fromhex(fields.sha256), fields.media_type, fields.size_bytes)
    received = await photos.attach_copy(
        session, copy, _told(fields), announced, inspection_id=inspection.id, files=files, now=now
    )
    if received.is_new:
        await _announce(session, inspection, received, client=client, now=now)
    return received


async def _open_for(
    session: Session, inspection_id: UUID, fields: UploadFields, *, client: Client
) -> Inspection:
    inspection = await happening.begin(session, inspection_id, Act.ADD_PHOTO, client=client)
    if fields.info_task_id is not None:
        try:
            await queries.info_task(session, inspection.id, fields.info_task_id)
        except NotFound:
            raise UnknownInfoTask(info_task_id=str(fields.info_task_id)) from None
    return inspection


def _told(fields: UploadFields) -> Told:
    return Told(fields.shot, fields.captured_at, fields.info_task_id)


async def _announce(
    session: Session, inspection: Inspection, received: Received, *, client: Client, now: datetime
) -> None:
    if inspection.state is not InspectionState.DRAFT:
        event = InspectionEvidenceAddedV1(inspection_id=inspection.id, evidence=received.ref)
        await outbox.add(session, event, now=now)
    await happening.record(
        session,
        inspection,
        Kind.PHOTO_ADDED,
        happening.by_client(client),
        at=now,
        now=now,
        evidence_id=received.ref.evidence_id,
        shot=received.ref.shot,
        info_task_id=received.ref.info_task_id,
    )


async def remove_photo(
    session: Session, inspection_id: UUID, evidence_id: UUID, *, client: Client, now: datetime
) -> None:
    """Take a photo out of a draft. Raises NotFound."""
    inspection = await happening.begin(session, inspection_id, Act.REMOVE_PHOTO, client=client)
    await photos.remove(session, inspection.id, evidence_id, now=now)
    by_client = happening.by_client(client)
    await happening.record(
        session, inspection, Kind.PHOTO_REMOVED, by_client, at=now, now=now, evidence_id=evidence_id
    )
