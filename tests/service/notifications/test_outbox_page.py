"""/dev/outbox, where recorded messages are read in development."""

from uuid import UUID

import httpx
import pytest

from cabinet_service.ports import Ports
from service_kit.ids import new_id
from service_kit.notifying.channels import Message, Wording


async def send(
    ports: Ports, channel: str, to: str, wording: Wording, *, message_id: UUID | None = None
) -> None:
    sender, _ = ports.channels[channel]
    await sender.send(Message(message_id or new_id(), to, wording))


async def test_it_is_empty_at_first(cabinet_api: httpx.AsyncClient) -> None:
    assert (await cabinet_api.get("/dev/outbox.json")).json() == {"messages": []}
    page = await cabinet_api.get("/dev/outbox")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


async def test_the_newest_comes_first_with_its_code(
    cabinet_api: httpx.AsyncClient, cabinet_ports: Ports
) -> None:
    await send(cabinet_ports, "email", "a@example.com", Wording("Hello", "No code in here", "012345"))
    await send(cabinet_ports, "phone", "+79211234567", Wording("", "012346", "Your code: 012345."))
    messages = (await cabinet_api.get("/dev/outbox.json")).json()["messages"]
    assert [(one["channel"], one["to"], one["subject"], one["code"]) for one in messages] == [
        ("phone", "+79211234567", "", "012345"),
        ("email", "a@example.com", "Hello", None),
    ]
    page = (await cabinet_api.get("/dev/outbox")).text
    assert page.index("012345") < page.index("No code in here")


async def test_a_message_sent_again_is_there_once(
    cabinet_api: httpx.AsyncClient, cabinet_ports: Ports
) -> None:
    message_id = new_id()
    for _ in range(2):
        await send(
            cabinet_ports, "email", "a@example.com", Wording("Hello", "text", ""), message_id=message_id
        )
    [message] = (await cabinet_api.get("/dev/outbox.json")).json()["messages"]
    assert UUID(message["message_id"]) == message_id


@pytest.mark.parametrize("place", ["to", "subject", "letter"])
async def test_nothing_in_a_message_becomes_part_of_the_page(
    cabinet_api: httpx.AsyncClient, cabinet_ports: Ports, place: str
) -> None:
    parts = {"to": "a@example.com", "subject": "Hello", "letter": "text"}
    parts[place] = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    wording = Wording(parts["subject"], parts["letter"], "short")
    await send(cabinet_ports, "email", parts["to"], wording)
    page = await cabinet_api.get("/dev/outbox")
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "&lt;script&gt;" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
