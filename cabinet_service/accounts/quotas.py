"""How much one account may do, and one company: more than anybody needs, and less than a program run wild."""

from typing import Literal
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.api_ports import ApiPorts

Counted = Literal["drafts", "submits", "messages", "photos", "disputes", "archives"]
CountedOfCompanies = Literal["drafts", "submits"]


async def count(ports: ApiPorts, what: Counted, client: Client) -> None:
    """Count one more of a client's acts. Raises TooManyRequests; nothing is changed then."""
    await ports.limits.hit(f"{what}_per_account", str(client.account_id))


async def count_of_company(ports: ApiPorts, what: CountedOfCompanies, company_id: UUID | None) -> None:
    """The same of an act for a company, whoever of its people it was; nothing for None."""
    if company_id is not None:
        await ports.limits.hit(f"{what}_per_company", str(company_id))
