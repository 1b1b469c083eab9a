"""How much one account may do, and one company: more than anybody needs, and less than a program run wild.

Counted is what is done, in the app or in a chat alike.
"""

from typing import Literal
from uuid import UUID

from cabinet_service.accounts.domain import Client
from service_kit.limiting import RateLimits

Counted = Literal[
    "drafts",
    "submits",
    "messages",
    "photos",
    "disputes",
    "opinions",
    "archives",
    "readings",
    "shares",
    "yard_links",
    "histories",
]
CountedOfCompanies = Literal["drafts", "submits", "histories"]


async def count(limits: RateLimits, what: Counted, client: Client) -> None:
    """Count one more of a client's acts, or of whoever has a link of theirs.

    Raises TooManyRequests; nothing is changed then.
    """
    await limits.hit(f"{what}_per_account", str(client.account_id))


async def count_of_company(limits: RateLimits, what: CountedOfCompanies, company_id: UUID | None) -> None:
    """The same of an act for a company, whoever of its people it was; nothing for None."""
    if company_id is not None:
        await limits.hit(f"{what}_per_company", str(company_id))
