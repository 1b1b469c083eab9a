"""A company that a client has made in the app, and people who may come into it."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.inspections.conftest import (
    Company,
    Json,
    Person,
    SignUp,
    bpa,
    client,
    company,
    photo,
    sign_up,
    stranger,
    work,
)

__all__ = ["Company", "bpa", "client", "company", "photo", "sign_up", "stranger", "work"]

AGREEMENT = {"version": 1, "language": "en"}


@dataclass(frozen=True)
class Firm:
    """A company with two branches, and who has made it."""

    id: str
    north: str
    south: str
    boss: Person

    @property
    def path(self) -> str:
        return f"/companies/{self.id}"

    async def invite(self, by: Person | None = None, **body: Any) -> Json:
        wanted = {"role": "partner_agent", "branch_id": self.north} | body
        answer = await (by or self.boss).post(f"{self.path}/invitations", wanted)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def join(self, person: Person, **body: Any) -> None:
        """Let the person come in by an invitation."""
        answer = await take(person, await self.invite(**body))
        assert answer.status_code == 200, answer.text

    async def members(self, seen_by: Person | None = None) -> dict[str, Json]:
        """Who is there, by what they are called."""
        answer = await (seen_by or self.boss).get(f"{self.path}/members")
        assert answer.status_code == 200, answer.text
        return {member["display_name"]: member for member in answer.json()}


def token_of(invitation: Json) -> str:
    return invitation["url"].split("#")[1]


async def take(person: Person, invitation: Json, name: str | None = None) -> Any:
    """Come in by the invitation, under a name of one's own."""
    name = name or f"Person {person.account_id.hex[:6]}"
    return await person.post("/invitations/accepted", {"token": token_of(invitation), "name": name})


@pytest.fixture
async def firm(sign_up: SignUp) -> Firm:
    boss = await sign_up("founder@example.com")
    assert (await boss.patch("/me", {"display_name": "Founder"})).status_code == 200
    body: Json = {"name": "Motors", "branches": ["North", "South"], "agreement": AGREEMENT}
    answer = await boss.post("/companies", body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    north, south = (branch["id"] for branch in made["branches"])
    return Firm(made["id"], north, south, boss)
