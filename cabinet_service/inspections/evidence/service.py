"""Photos of an inspection: added at any time while it is open, taken back while it is a draft."""

from uuid import UUID

from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import Act, Kind
from cabinet_service.inspections.core.errors import UnknownInfoTask
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.evidence.schemas import CopyFields, UploadFields
from cabinet_service.photos import service as photos
from cabinet_service.photos.service import Announced, PhotoMetadata, Received, TakenIn
from cabinet_service.ports import FileStore
from service_kit.http.problems import NotFound
from shared_schemas.events.cabinet_v1 import InspectionEvidenceAddedV1, InspectionOriginalReceivedV1
from shared_schemas.words import InspectionState


async def add_photo(
    acting: ClientActing, inspection_id: UUID, photo: TakenIn, fields: UploadFields, *, files: FileStore
) -> Received:
    """Make a photo that was taken in part of the inspection. What is there already is not added again.

    Raises TooManyPhotos or UnknownInfoTask.
    """
    inspection = await _open_for(acting, inspection_id, fields)
    received = await photos.attach(
        acting.session,
        photo,
        _metadata(acting, fields),
        inspection_id=inspection.id,
        files=files,
        now=acting.now,
    )
    if received.is_new:
        await _announce(acting, inspection, received)
    elif received.completes:
        if inspection.state is not InspectionState.DRAFT:
            event = InspectionOriginalReceivedV1(
                inspection_id=inspection.id, evidence=received.ref, received_at=acting.now
            )
            await acting.announce(event)
        acting.changed(inspection, "original_received")
    return received


async def add_copy(
    acting: ClientActing, inspection_id: UUID, copy: TakenIn, fields: CopyFields, *, files: FileStore
) -> Received:
    """Have a copy that was taken in stand for a photo until its original comes. Raises the same."""
    inspection = await _open_for(acting, inspection_id, fields)
    announced = Announced(bytes.fromhex(fields.sha256), fields.media_type, fields.size_bytes)
    received = await photos.attach_copy(
        acting.session,
        copy,
        _metadata(acting, fields),
        announced,
        inspection_id=inspection.id,
        files=files,
        now=acting.now,
    )
    if received.is_new:
        await _announce(acting, inspection, received)
    return received


async def _open_for(acting: ClientActing, inspection_id: UUID, fields: UploadFields) -> Inspection:
    inspection = await acting.on(inspection_id, Act.ADD_PHOTO)
    if fields.info_task_id is not None:
        try:
            await asking.info_task(acting.session, inspection.id, fields.info_task_id)
        except NotFound:
            raise UnknownInfoTask(info_task_id=str(fields.info_task_id)) from None
    return inspection


def _metadata(acting: ClientActing, fields: UploadFields) -> PhotoMetadata:
    return PhotoMetadata(fields.shot, fields.captured_at, fields.info_task_id, acting.link_id)


async def _announce(acting: ClientActing, inspection: Inspection, received: Received) -> None:
    if inspection.state is not InspectionState.DRAFT:
        # Until it is sent the answers are the client's to change, and a photo may show where the thing should be.
        answers, shot = inspection.shot_answers, received.ref.shot
        inspection.shot_answers = [one for one in answers if one["shot"] != shot]
        event = InspectionEvidenceAddedV1(inspection_id=inspection.id, evidence=received.ref)
        await acting.announce(event)
    await acting.record(
        inspection,
        Kind.PHOTO_ADDED,
        evidence_id=received.ref.evidence_id,
        shot=received.ref.shot,
        info_task_id=received.ref.info_task_id,
    )


async def remove_photo(acting: ClientActing, inspection_id: UUID, evidence_id: UUID) -> None:
    """Take a photo out of a draft. Raises NotFound."""
    inspection = await acting.on(inspection_id, Act.REMOVE_PHOTO)
    await photos.remove(acting.session, inspection.id, evidence_id, now=acting.now)
    await acting.record(inspection, Kind.PHOTO_REMOVED, evidence_id=evidence_id)
