"""What a screen that is open is told: the live events of a signed-in person."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import httpx

from deploy.demo.people import Json, Person


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
