"""The worker's own work on photos."""

from cabinet_service.inspections.core.acting import Acting
from cabinet_service.photos.jobs import MakePreview, make_preview, settle
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.ports import FileStore
from service_kit.db import Session
from service_kit.inbox import Incoming


async def on_make_preview(
    session: Session, work: MakePreview, incoming: Incoming, *, files: FileStore, previews: PreviewProcess
) -> None:
    """Not an event of bpa but the worker's own: it is here because the inspection changes by it."""
    tried = await make_preview(session, work.evidence_id, files=files, previews=previews)
    if tried is None:
        return
    acting = Acting(session=session, now=incoming.now)
    # In this order, as whoever brings a photo locks them.
    inspection = await acting.lock(tried.inspection_id)
    if await settle(session, tried):
        acting.changed(inspection, "preview_made")
