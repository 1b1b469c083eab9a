"""Processes killed in the middle, a service away: what was accepted still arrives, once."""

from collections.abc import Callable

from deploy.demo.people import Client, wait_for
from tests.flows.conftest import People

Send = Callable[[Client], str]
TURN = 1  # it kills parts of the shared stack


def test_a_submit_while_the_experts_side_is_away_arrives_when_it_is_back(people: People, send: Send) -> None:
    client = people.client()
    stack = people.stack
    stack.kill("bpa-api")
    stack.kill("bpa-consumer")
    inspection_id = send(client)
    assert client.inspection(inspection_id)["state"] == "submitted"
    stack.restart("bpa-api")
    stack.restart("bpa-consumer")
    stack.wait_ready()
    client.wait_until(inspection_id, "queued")
    expert = people.expert("anna")
    rows = expert.get("/queue?view=all&limit=200")["items"]
    assert [row["id"] for row in rows].count(inspection_id) == 1


def test_killed_background_processes_lose_and_double_nothing(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    sent: list[str] = []
    for victim in (
        "cabinet-relay",
        "bpa-consumer",
        "bpa-relay",
        "cabinet-consumer",
        "cabinet-worker",
        "bpa-worker",
    ):
        sent.append(send(client))
        people.stack.kill(victim)
        sent.append(send(client))
        people.stack.restart(victim)
    for inspection_id in sent:
        client.wait_until(inspection_id, "queued")
    rows = [row["id"] for row in expert.get("/queue?view=all&limit=200")["items"]]
    assert sorted(row for row in rows if row in sent) == sorted(sent)
    for inspection_id in sent:
        kinds = [e["kind"] for e in client.get(f"/inspections/{inspection_id}/timeline?limit=200")["items"]]
        assert len([kind for kind in kinds if "queued" in kind]) == 1

    def previews_ready() -> bool | None:
        states = [photo["preview"] for i in sent for photo in client.inspection(i)["evidence"]]
        return True if set(states) == {"ready"} else None

    wait_for(previews_ready, "all previews")
