"""Hints for the client's screens."""

import asyncio
from typing import Any

from cabinet_service.ports import Ports
from service_kit.live import Hint
from tests.service.inspections.conftest import Company, Person


async def hints(ports: Ports, audience: str, last_id: int, count: int) -> list[tuple[str, str]]:
    """The next hints of an audience: what is new, and of which inspection."""
    found: list[tuple[str, str]] = []
    async with asyncio.timeout(10):
        async for hint in ports.backbone.hub.stream(audience, last_id):
            assert isinstance(hint, Hint)
            found.append((hint.kind, str(hint.subject_id)))
            if len(found) == count:
                break
    return found


async def test_each_change_is_hinted_to_the_client(client: Person, cabinet_ports: Ports, photo: Any) -> None:
    draft = await client.start()
    await client.send_file(draft["id"], photo())
    await client.post(f"/inspections/{draft['id']}/submit")
    seen = await hints(cabinet_ports, f"account:{client.account_id}", 0, 3)
    assert seen == [(kind, draft["id"]) for kind in ("created", "photo_added", "submitted")]


async def test_what_is_ordered_for_a_company_is_hinted_to_both(
    company: Company, cabinet_ports: Ports
) -> None:
    north = company.agents[0]
    ordered = await north.start(company_id=str(company.id))
    for audience in (f"account:{north.account_id}", f"company:{company.id}"):
        assert await hints(cabinet_ports, audience, 0, 1) == [("created", ordered["id"])]


async def test_nobody_listens_to_a_company_of_others(company: Company, stranger: Person) -> None:
    answer = await stranger.get("/stream", company_id=str(company.id))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
