"""What is ordered to try is erased a week later, by the way that every erasure goes, on both sides."""

from datetime import datetime, timedelta
from typing import Final

from cabinet_service.bulk import service as bulk
from cabinet_service.histories import queries as histories
from cabinet_service.inspections.personal import erasing as inspections
from cabinet_service.notifications import service as notifications
from cabinet_service.ports import FileStore
from cabinet_service.privacy import erasing
from service_kit.db import Session

KEPT_FOR: Final = timedelta(days=7)
ERASED_EVERY: Final = timedelta(hours=1)


async def erase_oldest(session: Session, now: datetime, *, files: FileStore) -> bool:
    """Erase a test that was begun a week ago. Returns whether there may be more.

    Nothing but tests is looked at, whatever the settings of this process say.
    """
    before = now - KEPT_FOR
    if (inspection := await inspections.oldest_test(session, before=before)) is not None:
        # Before any lock that their sender waits for.
        await notifications.erase_about(session, inspection.account_id, inspection.id)
        await bulk.forget_of_test(session, inspection.id, made_before=before)
        await erasing.erase_inspection(session, inspection.id, now=now, files=files)
        return True
    if (history := await histories.oldest_test(session, before=before)) is not None:
        await notifications.erase_about(session, history.account_id, history.id)
        await erasing.erase_history(session, history.id, now=now, files=files)
        return True
    return False
