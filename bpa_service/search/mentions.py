"""In which cases somebody who works here is named."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from bpa_service.cases.core.domain import OPEN
from service_kit.db import ReadSession

_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))
_OF_EXPERT: Final = f"""
SELECT id FROM (
    SELECT id FROM cases WHERE holder_id = $1 AND state IN ({_OPEN})
    UNION SELECT case_id FROM findings WHERE author_id = $1
    UNION SELECT case_id FROM decisions WHERE author_id = $1
    UNION SELECT case_id FROM second_opinions WHERE answered_by = $1
) AS named
WHERE $2::uuid IS NULL OR id > $2 ORDER BY id LIMIT $3
"""  # noqa: S608 - our own words


async def of_expert(
    session: ReadSession, expert_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """The ids of the cases, in their order."""
    return [row["id"] for row in await session.fetch(_OF_EXPERT, expert_id, after, limit)]
