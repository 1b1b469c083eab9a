"""What time does with requests."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, tuple_

from cabinet_service.request_log import domain
from cabinet_service.request_log.models import ApiRequest
from service_kit import pruning
from service_kit.db import Session

FORGOTTEN_EVERY: Final = timedelta(minutes=10)
_LOOKED_BACK: Final = timedelta(days=1)
"""Of companies that asked since: to the others nothing was added after they were looked at."""
# The first one beyond what a company may have; one company at a time, so that no transaction is a long one.
_BEYOND: Final = """
SELECT active.company_id, edge.at, edge.id
FROM (SELECT DISTINCT company_id FROM api_requests WHERE id >= $1) AS active
CROSS JOIN LATERAL (
    SELECT one.at, one.id FROM api_requests AS one
    WHERE one.company_id = active.company_id
    ORDER BY one.at DESC, one.id DESC OFFSET $2 LIMIT 1
) AS edge
LIMIT 1
"""


async def forget_old(session: Session, now: datetime) -> bool:
    """Forget what is older than `KEPT_FOR`, and of a company all but its youngest. Whether there may be more."""
    row, over = ApiRequest, now - domain.KEPT_FOR
    if await pruning.prune(session, row, pruning.made_before(row.id, over)):
        return True
    for company_id, at, id_ in await session.fetch(
        _BEYOND, pruning.first_id(now - _LOOKED_BACK), domain.MOST_KEPT
    ):
        await pruning.prune(
            session, row, and_(row.company_id == company_id, tuple_(row.at, row.id) <= (at, id_))
        )
        return True
    return False
