"""What changes shows at once on the screens that are open, and after a cut nothing is missed or shown twice."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

import httpx

from deploy.demo.people import Client, Json, Person
from tests.flows.conftest import People

Send = Callable[[Client], str]


@contextmanager
def screen(person: Person, last_event_id: str | None = None) -> Generator[Iterator[Json]]:
    """The live events of a signed-in person: `id`, `event` and the fields of `data`."""
    headers = {"Authorization": person.headers["Authorization"]}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    with httpx.stream("GET", f"{person.base_url}/stream", headers=headers, timeout=20) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.iter_lines()
        next(lines)  # the stream says at once that it is open
        yield _events(lines)


def _events(lines: Iterator[str]) -> Iterator[Json]:
    event: Json = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "data":
            event |= json.loads(value)
        elif name in ("id", "event"):
            event[name] = value
        elif not line:
            if event.get("event", "heartbeat") != "heartbeat":
                yield event
            event = {}


def about(events: Iterator[Json], inspection_id: str, count: int) -> list[Json]:
    """The next `count` events about one inspection."""
    found: list[Json] = []
    while len(found) < count:
        event = next(events)
        if event.get("subject_id") == inspection_id:
            found.append(event)
    return found


def test_a_new_case_shows_on_the_desk_and_the_claim_on_the_phone(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    with screen(expert) as desk, screen(client) as phone:
        inspection_id = send(client)
        [opened] = about(desk, inspection_id, 1)
        assert expert.case(inspection_id)["state"] == "queued"
        assert int(opened["id"]) > 0
        expert.claim(inspection_id)
        kinds: list[str] = []
        while "claimed" not in kinds:
            kinds += [event["kind"] for event in about(phone, inspection_id, 1)]
    assert client.inspection(inspection_id)["state"] == "in_work"


def test_after_a_cut_the_screen_gets_what_it_missed_once(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    with screen(expert) as desk:
        expert.claim(inspection_id)
        [claimed] = about(desk, inspection_id, 1)
    for number in range(3):
        expert.call("POST", f"/cases/{inspection_id}/notes", {"text": f"note {number}"})
    with screen(expert, last_event_id=claimed["id"]) as desk:
        missed = about(desk, inspection_id, 3)
        expert.call("POST", f"/cases/{inspection_id}/notes", {"text": "one more"})
        [fresh] = about(desk, inspection_id, 1)
    ids = [int(claimed["id"]), *(int(event["id"]) for event in missed), int(fresh["id"])]
    assert ids == sorted(set(ids))


def test_nobody_hears_of_other_peoples_inspections(people: People, send: Send) -> None:
    client, stranger = people.client(), people.client()
    with screen(stranger) as phone:
        send(client)
        own = send(stranger)
        first = next(phone)
    assert first["subject_id"] == own
