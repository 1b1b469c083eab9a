"""Answers that have no report: those of before there were reports, or whose work was lost."""

from typing import Final
from uuid import UUID

from bpa_service.cases.deciding.work import MakeReport
from bpa_service.db.tables import outbox
from bpa_service.reports import queries
from service_kit.db import Database, database_now

_AT_ONCE: Final = 500


async def have_made(database: Database) -> int:
    """Have the worker make them; returns of how many cases. Done again it makes no report twice.

    They tell what sources know of the car now: what was known when the answer was given is not on record.
    """
    count, after = 0, UUID(int=0)
    while True:
        async with database.writing() as session:
            cases = await queries.answered_without(session, after, _AT_ONCE)
            now = await database_now(session)
            for case_id, version in cases:
                await outbox.enqueue(session, MakeReport(case_id=case_id, version=version), now=now)
        if not cases:
            return count
        count, after = count + len(cases), cases[-1][0]
