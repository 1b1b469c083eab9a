"""The worker's part: what an answer has it make."""

from dataclasses import dataclass

from bpa_service.cases.core import queries as cases
from bpa_service.cases.core.acting import Acting
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.deciding.work import MakeReport
from bpa_service.reports import service
from bpa_service.reports.service import Library
from service_kit.db import SYSTEM, Session
from service_kit.inbox import Incoming


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes reports, of whatever the library knows at the time."""

    policy: Policy
    library: Library

    async def on_make_report(self, session: Session, work: MakeReport, incoming: Incoming) -> None:
        """Done twice, or after a kill, it makes one: all of it is one transaction."""
        claim = await cases.claim(session, work.case_id)
        if claim is None or not await service.is_missing(session, work.case_id, work.version):
            return
        # Before anything is locked: nobody waits for a store that is slow.
        known = await self.library.known(claim, SYSTEM, incoming.now)
        acting = Acting(session=session, policy=self.policy, now=incoming.now, by=None)
        await service.make(acting, work.case_id, work.version, known)
