"""Making the files that are due: in a lane of their own, so that nothing else that a worker does waits for them.

The row is what is to be done. A try is counted, and put off to the next one, before it is made; then the row is
locked for as long as it takes. So whoever dies leaves it to be tried again by any worker, one that fails over and
over is tried ever less often, and none is made twice.
"""

import asyncio
import contextlib
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import func, select

from cabinet_service.reports.files import making
from cabinet_service.reports.files.making import Never, NotYet, Workshop
from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.files.service import CHANNEL, GIVEN_UP_AFTER
from cabinet_service.reports.pdf.laying_out import Form
from service_kit import failpoints
from service_kit.db import Database, database_now, will_pass
from service_kit.listen import Listener

log = structlog.get_logger(__name__)

POLL: Final = timedelta(seconds=5)
"""So late at most one is made of which no NOTIFY told: one that is tried again."""
_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(minutes=10)


class Claim(NamedTuple):
    """A file that is ours to make; `tries` says that it still is."""

    report_id: UUID
    language: str
    form: Form
    tries: int


class Lane:
    """Makes one at a time, which takes a processor. Of any number of workers each makes another."""

    def __init__(self, database: Database, listener: Listener, workshop: Workshop) -> None:
        self._database = database
        self._workshop = workshop
        self._wakeup = listener.wakeup(CHANNEL)

    async def run(self) -> None:
        """Make what is due until cancelled. What is under way then is tried again."""
        while True:
            self._wakeup.clear()
            await self._make_due_if_it_can()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL.total_seconds()):
                    await self._wakeup.wait()

    async def make_due(self) -> int:
        """Make what is due now, the longest due first, and return how many were tried."""
        count = 0
        while (claim := await self.claim()) is not None:
            await self.settle(claim)
            count += 1
        return count

    async def claim(self) -> Claim | None:
        """The file that has been due for longest, if any is and nobody else makes it."""
        async with self._database.writing() as session:
            due = select(ReportFile).where(
                ReportFile.due_at <= func.clock_timestamp(),
                ReportFile.made_at.is_(
                    None
                ),  # a worker of the last release makes some that are due here, too
            )
            oldest = due.order_by(ReportFile.due_at).limit(1).with_for_update(skip_locked=True)
            file = await session.scalar(oldest)
            if file is None:
                return None
            now = await database_now(session)
            file.tries += 1
            file.due_at = (
                now + wait_before_again(file.tries) if now - file.asked_at < GIVEN_UP_AFTER else None
            )
            claim = Claim(file.report_id, file.language, file.form, file.tries)
        failpoints.reach(failpoints.Point.REPORT_FILE_CLAIMED)
        return claim

    async def settle(self, claim: Claim) -> None:
        """Make it, or leave it to be tried again."""
        told = {"report_id": str(claim.report_id), "language": claim.language, "form": claim.form}
        try:
            await self._make(claim)
        except NotYet as error:
            log.info("report_file_postponed", why=str(error), tries=claim.tries, **told)
        except Exception as error:
            if will_pass(error):
                log.warning("report_file_postponed", why=repr(error), tries=claim.tries, **told)
            else:
                log.exception("report_file_failed", tries=claim.tries, **told)

    async def _make(self, claim: Claim) -> None:
        async with self._database.writing() as session:
            file = await session.get(ReportFile, (claim.report_id, claim.language, claim.form), lock=True)
            if file is None or file.tries != claim.tries:
                return  # erased, or tried by another worker meanwhile
            if file.made_at is None:
                try:
                    await making.make(session, file, self._workshop, now=await database_now(session))
                except Never:
                    log.exception(
                        "report_file_given_up", report_id=str(claim.report_id), language=claim.language
                    )
            file.due_at = None

    async def _make_due_if_it_can(self) -> None:
        try:
            await self.make_due()
        except Exception as error:
            if will_pass(error):
                log.warning("report_files_postponed", error=repr(error))
            else:  # what else the worker does goes on
                log.exception("report_files_not_claimed")


def wait_before_again(tries: int) -> timedelta:
    """How long after its start the next try is due, if this one comes to nothing."""
    return min(_FIRST_WAIT * 2 ** min(tries - 1, 10), _LONGEST_WAIT)
