"""An expert who goes away loses the case by himself, and the client's clock runs on."""

from collections.abc import Callable
from typing import Final

import pytest

from deploy.demo.people import Client, Refused, wait_for
from tests.flows.conftest import People

Send = Callable[[Client], str]
TURN: Final = 3
SETTINGS: Final = {"BPA_LEASE_SECONDS": "2", "BPA_BUDGET_SECONDS": "8", "BPA_TICK_SECONDS": "0.2"}


def test_a_lapsed_lease_puts_the_case_back_into_the_queue(people: People, send: Send) -> None:
    client, anna, boris = people.client(), people.expert("anna"), people.expert("boris")
    inspection_id = send(client)
    anna.wait_until(inspection_id, "queued")
    anna.claim(inspection_id)
    with pytest.raises(Refused) as refused:
        boris.claim(inspection_id)
    assert refused.value.code == "case_held"
    client.wait_until(inspection_id, "in_work")
    anna.wait_until(inspection_id, "queued")  # she sends no heartbeat
    client.wait_until(inspection_id, "queued")
    boris.claim(inspection_id)
    with pytest.raises(Refused) as lost:
        anna.decide(inspection_id, "clean", "Nothing found.")
    assert lost.value.status == 409


def test_a_breach_is_announced_once_and_does_not_end_the_work(people: People, send: Send) -> None:
    client, anna = people.client(), people.expert("anna")
    inspection_id = send(client)
    anna.wait_until(inspection_id, "queued")

    def timeline() -> list[str]:
        page = client.get(f"/inspections/{inspection_id}/timeline?limit=200")
        return [entry["kind"] for entry in page["items"]]

    wait_for(lambda: [k for k in timeline() if "breached" in k] or None, "the breach")
    assert len([k for k in timeline() if "breached" in k]) == 1
    assert client.get(f"/inspections/{inspection_id}/clock")["reckoning"]["breached"] is True
    anna.claim(inspection_id)
    anna.decide(inspection_id, "insufficient_data", "The number cannot be read.", not_covered=["the number"])
    client.wait_until(inspection_id, "answered")
