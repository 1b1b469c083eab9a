"""The ticker: runs the due timers of the cases. Every worker process does; a case is looked at by one of them."""

from datetime import datetime

from bpa_service.cases.core.acting import Acting
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.ticking import service
from service_kit.db import Session


async def tick(session: Session, now: datetime, *, policy: Policy) -> bool:
    """Look at the cases that are due, a batch of them; returns whether there may be more."""
    acting = Acting(session=session, policy=policy, now=now, by=None)
    return await service.tick_due(acting) == service.BATCH
