"""Programs of companies that call with a key, without the page on which an admin makes one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from cabinet_service.accounts.domain import OF_WHOLE_COMPANIES, KeyScope
from tests.service.inspections.conftest import Person
from tests.support.clients import Firm, SignedInClient

Json = dict[str, Any]
ALL_SCOPES = [scope.value for scope in KeyScope]


@dataclass(frozen=True)
class Key:
    """A key as its maker gets it: `shown` is what the API tells of it, `text` the key itself."""

    shown: Json
    text: str

    @property
    def id(self) -> str:
        return self.shown["id"]

    @property
    def client_id(self) -> str:
        return self.shown["client_id"]

    @property
    def secret(self) -> str:
        return self.text.removeprefix(f"{self.client_id}_")

    def program(self, api: httpx.AsyncClient) -> Person:
        """Who calls with it."""
        return Person(api, SignedInClient(UUID(self.shown["program_id"]), self.text, ""))


async def make_key(boss: Person, firm: Firm, name: str = "CRM", **body: Any) -> Key:
    """A key that `boss`, who has just signed in, makes for the company; with every scope that it can have."""
    possible = [scope for scope in ALL_SCOPES if "branch_id" not in body or scope not in OF_WHOLE_COMPANIES]
    wanted = {"name": name, "scopes": possible} | body
    answer = await boss.post(f"/companies/{firm.company_id}/api-keys", wanted)
    assert answer.status_code == 201, answer.text
    return Key(answer.json()["api_key"], answer.json()["key"])
