"""The network between all parts: half-open connections, partitions, slow lines, and screens that are cut off."""

import json
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.demo.people import wait_for
from tests.faults import ledger
from tests.faults.traffic import Buyer, Judge, Log, at_work
from tests.faults.world import PROCESSES, World
from tests.support.proxy_thread import Wire, wire_to

PATIENCE: Final = 120.0


@pytest.fixture(scope="module")
def wires(world: World) -> Iterator[dict[str, Wire]]:
    """Every process reaches everything else over one of these: `peers`, `postgres` and `broker` come apart."""
    stack = world.stack
    with ExitStack() as opened:
        wires: dict[str, Wire] = {}
        environment: dict[str, str] = {}

        def lead(name: str, variable: str, url: str) -> None:
            parts = urlsplit(url)
            if name not in wires:
                wires[name] = opened.enter_context(wire_to(parts.port or 0))
            port, place = wires[name].port, parts.netloc.rpartition(":")[0]
            environment[variable] = parts._replace(netloc=f"{place}:{port}").geturl()

        for service, peer in ((stack.cabinet, stack.bpa), (stack.bpa, stack.cabinet)):
            prefix, given = service.name.upper(), stack.environment_of(service)
            lead(f"to {peer.name}", f"{prefix}_PEER_URL", given[f"{prefix}_PEER_URL"])
            lead("postgres", f"{prefix}_DATABASE_URL", given[f"{prefix}_DATABASE_URL"])
            if world.bus == "rabbitmq":
                lead("broker", f"{prefix}_BUS_URL", given[f"{prefix}_BUS_URL"])
        for name in PROCESSES:
            world.kill(name)
            world.start(name, environment)
        stack.wait_ready(*PROCESSES)
        yield wires
        for name in PROCESSES:
            world.kill(name)
        world.start_again()


def test_connections_that_died_without_a_word_are_given_up(
    world: World, wires: dict[str, Wire], buyer: Buyer, judges: list[Judge], log: Log
) -> None:
    with at_work(judges):
        buyer.send()
        for wire in wires.values():
            wire.freeze()
        buyer.send()
        ledger.settle(world, log, PATIENCE)
    assert ledger.check(world, log).faults == []


def test_what_is_parted_converges_when_it_is_one_again(
    world: World, wires: dict[str, Wire], buyer: Buyer, judges: list[Judge], log: Log
) -> None:
    parted = [wire for name, wire in wires.items() if name != "postgres"]
    with at_work(judges):
        for wire in parted:
            wire.blackhole()
        sent = buyer.send()
        assert buyer.client.inspection(sent.inspection_id)["state"] == "submitted"
        for wire in parted:
            wire.delay(0.05)
            wire.restore()
        ledger.settle(world, log, PATIENCE)
    assert ledger.check(world, log).faults == []


class Screen:
    """A desk that stays open: after each cut it connects again and asks for what it missed."""

    def __init__(self, judge: Judge, port: int) -> None:
        self.seen: list[int] = []
        self.times_opened = 0
        self._last_id = ""
        self._headers = dict(judge.expert.headers)
        self._url = f"http://127.0.0.1:{port}/api/v1/stream"
        self._closed = threading.Event()

    @contextmanager
    def open(self) -> Generator[None]:
        thread = threading.Thread(target=self._watch)
        thread.start()
        try:
            yield
        finally:
            self._closed.set()
            thread.join()

    def _watch(self) -> None:
        while not self._closed.is_set():
            try:
                self._connect()
            except httpx.TransportError:
                self._closed.wait(0.1)

    def _connect(self) -> None:
        headers = self._headers | ({"Last-Event-ID": self._last_id} if self._last_id else {})
        with httpx.stream("GET", self._url, headers=headers, timeout=5) as response:
            event: dict[str, str] = {}
            for line in response.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                    continue
                self._take(event)  # it counts once its empty line is there
                event = {}

    def _take(self, event: dict[str, str]) -> None:
        self._last_id = event.get("id", self._last_id)
        if event.get("event") == "hint":
            assert json.loads(event["data"])["subject_id"]
            self.seen.append(int(event["id"]))
        elif "id" in event:
            self.times_opened += 1


def test_a_screen_cut_in_mid_event_shows_every_event_once(
    world: World, buyer: Buyer, judges: list[Judge], log: Log
) -> None:
    with wire_to(world.stack.bpa.port) as wire:
        [newest] = ledger.rows(world, "bpa", "SELECT max(id) FROM live_hints")
        screen = Screen(judges[0], wire.port)
        with screen.open(), at_work(judges):
            for times, count in enumerate((2, 40, 90, 250), start=1):
                wait_for(lambda: screen.times_opened >= times or None, "the screen to be open")  # noqa: B023 - called within this turn
                wire.cut_after(count)
                buyer.send()
            world.kill("bpa-api")
            world.start("bpa-api")
            buyer.send()
            ledger.settle(world, log, PATIENCE)
            hints = f"SELECT id FROM live_hints WHERE audience = 'desk' AND id > {newest} ORDER BY id"
            wait_for(lambda: screen.seen == ledger.rows(world, "bpa", hints) or None, "every hint, once")
    assert screen.times_opened > 4, "it has been cut four times"
