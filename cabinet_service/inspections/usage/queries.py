"""Reads of what a company ordered in a month."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from cabinet_service.companies.domain import Month
from service_kit.db import ReadSession
from shared_schemas.words import Verdict

AT_ONCE: Final = 500
# What an order came to, by the answer that counts. Without an answer it counts as long as one may come.
_COUNTS: Final = """
CASE WHEN answer.verdict IS NULL THEN state NOT IN ('cancelled', 'unprocessable', 'expired')
ELSE answer.verdict <> 'insufficient_data' END
"""
_ANSWER: Final = """
LEFT JOIN LATERAL (
    SELECT body->>'verdict' AS verdict, decided_at, version FROM decisions
    WHERE decisions.inspection_id = inspections.id AND NOT preliminary ORDER BY version DESC LIMIT 1
) AS answer ON true
"""
_OF_MONTH: Final = """
company_id = $1 AND submitted_at >= $2 AND submitted_at < $3 AND ($4::uuid IS NULL OR branch_id = $4)
"""
# Who sent it, as they were called then; the name goes with their account.
_SENDER: Final = """
LEFT JOIN LATERAL (
    SELECT actor_name, actor_id FROM timeline_entries
    WHERE timeline_entries.inspection_id = inspections.id AND kind = 'submitted' ORDER BY at LIMIT 1
) AS sender ON true
"""
_USED: Final = f"""
SELECT count(*) FILTER (WHERE {_COUNTS}) AS used FROM inspections {_ANSWER} WHERE {_OF_MONTH}
"""  # noqa: S608 - texts of this module
_SENT: Final = f"SELECT count(*) AS sent FROM inspections WHERE {_OF_MONTH}"  # noqa: S608 - texts of this module
_BY_PERSON: Final = f"""
SELECT branch_id, account_id, count(*) AS sent, count(*) FILTER (WHERE {_COUNTS}) AS counted,
    count(answer.verdict) AS answered,
    (array_agg(sender.actor_name ORDER BY submitted_at DESC) FILTER (WHERE actor_name IS NOT NULL))[1] AS name,
    {", ".join(f"count(*) FILTER (WHERE answer.verdict = '{verdict}') AS {verdict}" for verdict in Verdict)}
FROM inspections {_ANSWER} {_SENDER} WHERE {_OF_MONTH}
GROUP BY branch_id, account_id ORDER BY counted DESC, account_id
"""  # noqa: S608 - texts of this module
_REGISTER: Final = f"""
SELECT id, inspections.number, branch_id, state, identifier, plate, make, model, year, submitted_at,
    answer.verdict, answer.decided_at, sender.actor_name, {_COUNTS} AS counts,
    clocks.facts AS clock
FROM inspections {_ANSWER} {_SENDER}
LEFT JOIN clocks ON clocks.inspection_id = inspections.id AND clocks.number = 1
WHERE {_OF_MONTH} AND (submitted_at, id) > ($5, $6) ORDER BY submitted_at, id LIMIT {AT_ONCE}
"""  # noqa: S608 - texts of this module


class Counts(NamedTuple):
    """What somebody ordered for a branch, or for the company itself."""

    branch_id: UUID | None
    account_id: UUID
    name: str | None
    sent: int
    counted: int
    answered: int
    verdicts: dict[Verdict, int]


async def used(session: ReadSession, company_id: UUID, branch_id: UUID | None, month: Month) -> int:
    """How many of the month count, of a branch or (None) of the company, as far as the scope sees them."""
    [[count]] = await session.fetch(_USED, company_id, month.begins, month.ends, branch_id)
    return count


async def sent(session: ReadSession, company_id: UUID, branch_id: UUID | None, month: Month) -> int:
    """How many were sent in the month, as far as the scope sees them."""
    [[count]] = await session.fetch(_SENT, company_id, month.begins, month.ends, branch_id)
    return count


async def by_person(
    session: ReadSession, company_id: UUID, branch_id: UUID | None, month: Month
) -> Sequence[Counts]:
    """The same by branch and person, the most first."""
    rows = await session.fetch(_BY_PERSON, company_id, month.begins, month.ends, branch_id)
    return [
        Counts(
            branch_id=row["branch_id"],
            account_id=row["account_id"],
            name=row["name"],
            sent=row["sent"],
            counted=row["counted"],
            answered=row["answered"],
            verdicts={verdict: row[verdict] for verdict in Verdict if row[verdict]},
        )
        for row in rows
    ]


async def ordered(
    session: ReadSession, company_id: UUID, branch_id: UUID | None, month: Month
) -> AsyncGenerator[Sequence[Any]]:
    """What was ordered in the month, in its order, some hundred rows at a time."""
    after = month.begins, UUID(int=0)
    while rows := await session.fetch(_REGISTER, company_id, month.begins, month.ends, branch_id, *after):
        yield rows
        after = rows[-1]["submitted_at"], rows[-1]["id"]
