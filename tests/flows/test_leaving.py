"""Ways out: the client cancels, in each state the inspection can be in."""

from collections.abc import Callable

import pytest

from deploy.demo.people import Client, Expert, Refused
from tests.flows.conftest import VIN_CLAIM, People

Send = Callable[[Client], str]


def in_draft(client: Client, _expert: Expert, _send: Send) -> str:
    inspection_id: str = client.start(VIN_CLAIM)["id"]
    return inspection_id


def in_queue(client: Client, expert: Expert, send: Send) -> str:
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    client.wait_until(inspection_id, "queued")
    return inspection_id


def in_work(client: Client, expert: Expert, send: Send) -> str:
    inspection_id = in_queue(client, expert, send)
    expert.claim(inspection_id)
    client.wait_until(inspection_id, "in_work")
    return inspection_id


def waiting(client: Client, expert: Expert, send: Send) -> str:
    inspection_id = in_work(client, expert, send)
    expert.ask(inspection_id, "The door sticker, please.", shot="door_sticker")
    client.wait_until(inspection_id, "waiting_client")
    return inspection_id


def in_second_opinion(client: Client, expert: Expert, send: Send) -> str:
    inspection_id = in_work(client, expert, send)
    expert.call("POST", f"/cases/{inspection_id}/second-opinion", {"question": "Genuine font?"})
    client.wait_until(inspection_id, "second_opinion")
    return inspection_id


@pytest.mark.parametrize("situation", [in_draft, in_queue, in_work, waiting, in_second_opinion])
def test_the_client_may_cancel(
    people: People, send: Send, situation: Callable[[Client, Expert, Send], str]
) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = situation(client, expert, send)
    client.call("POST", f"/inspections/{inspection_id}/cancellation", {"reason": "The car is sold."})
    assert client.inspection(inspection_id)["state"] == "cancelled"
    if situation is in_draft:
        with pytest.raises(Refused):
            expert.case(inspection_id)
        return
    expert.wait_until(inspection_id, "cancelled")
    rows = expert.get("/queue?view=all&limit=200")["items"]
    assert inspection_id not in [row["id"] for row in rows]
    with pytest.raises(Refused) as refused:
        expert.find(inspection_id, "Too late.", severity="unusual", places=[])
    assert refused.value.status in (409, 422)
    clock = expert.get(f"/cases/{inspection_id}/clock")
    assert clock["clock"]["stopped_at"] is not None
