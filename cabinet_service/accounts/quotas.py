"""How much one account may do, one program, and one company: more than anybody needs, and less than one run wild.

Counted is what is done, in the app or in a chat alike.
"""

from typing import Final, Literal, get_args
from uuid import UUID

from cabinet_service.accounts.domain import Client
from service_kit.limiting import RateLimits

CountedOfPrograms = Literal[
    "drafts", "submits", "messages", "photos", "disputes", "opinions", "yard_links", "histories"
]
Counted = (
    Literal[
        "archives",
        "readings",
        "shares",
        "companies",
        "invitations",
        "sheets",
        "bulk_checks",
        "logos",
        "watches",
    ]
    | CountedOfPrograms
)
CountedOfCompanies = Literal["drafts", "submits", "histories", "bulk_rows"]

_OF_PROGRAMS: Final = frozenset[str](get_args(CountedOfPrograms))


async def count(limits: RateLimits, what: Counted, client: Client) -> None:
    """Count one more of a client's acts, or of whoever has a link of theirs.

    Raises TooManyRequests; nothing is changed then.
    """
    whose = "program" if client.is_program and what in _OF_PROGRAMS else "account"
    await limits.hit(f"{what}_per_{whose}", str(client.account_id))


async def count_of_company(
    limits: RateLimits, what: CountedOfCompanies, company_id: UUID | None, *, many: int = 1
) -> None:
    """The same of an act for a company, or of many, whoever of its people it was; nothing for None."""
    if company_id is not None:
        await limits.hit(f"{what}_per_company", str(company_id), cost=many)
