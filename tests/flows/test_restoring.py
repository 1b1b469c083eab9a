"""The restore drill: backed up under load, gone on with, destroyed, restored, brought into agreement.

It has a stack of its own, since all that others do there would be undone.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest

from deploy.backup import restoring, sealing, taking
from deploy.backup.manifest import SERVICES, ServiceName
from deploy.backup.places import Places
from deploy.demo.people import Client, Expert, wait_for
from deploy.embedded.services import Service
from deploy.embedded.stack import Stack
from service_kit import rls
from tests.flows.conftest import Desk, People, Stacks, empty_the_broker, running_stack
from tests.support.limits import UNLIMITED_ENVIRONMENT

TURN = 2  # after those that share a stack: two of them beside each other are much for one machine
PARTS: Final = ("api", "relay", "consumer", "worker")
PATIENCE: Final = 90.0
_ANSWERS: Final[Mapping[ServiceName, str]] = {
    "cabinet": "SELECT inspection_id || ' ' || version FROM decisions",
    "bpa": "SELECT case_id || ' ' || version FROM decisions",
}
_STATES: Final[Mapping[ServiceName, str]] = {
    "cabinet": "SELECT id || ' ' || state FROM inspections WHERE state NOT IN ('draft', 'submitted')",
    "bpa": "SELECT id || ' ' || state FROM cases",
}
_UNDER_WAY: Final = """
    SELECT count(*) FROM (SELECT FROM outbox WHERE sent_at IS NULL
    UNION ALL SELECT FROM queued_messages UNION ALL SELECT FROM parked_events) AS waiting
"""

Send = Callable[[Client], str]


class Site:
    """A stack that can be backed up, stopped, restored and started."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self._backups = folder / "backups"
        self._key = folder / "key"
        sealing.make_key(self._key)

    def backup(self) -> Path:
        recipient = sealing.public_key(str(self._key))
        return asyncio.run(taking.take(self._places(), self._backups, recipient, say=print))

    def restore(self, folder: Path, *services: ServiceName) -> None:
        """Stop everything, restore these services, bring them into agreement with what goes on, and start."""
        processes = self.stack.processes
        for name in (f"{service}-{part}" for part in PARTS for service in SERVICES):
            processes[name].stop()
        source = restoring.check(folder, sealing.secret_key(self._key), services=services)
        asyncio.run(restoring.restore(source, self._places(), replaces=True, say=print))
        for service in map(self._service, services):
            role = unquote(urlsplit(self._database_url(service)).username or "")
            asyncio.run(rls.grant(self.stack.superuser_url_of(service), role))
        empty_the_broker()
        for service in SERVICES:
            processes[f"{service}-api"].start()
        self.stack.wait_ready(*(f"{service}-api" for service in SERVICES))
        for service in map(self._service, services):
            done = self.stack.command(service, "resync")
            assert done.returncode == 0, done.stderr
        for name in (f"{service}-{part}" for part in PARTS[1:] for service in SERVICES):
            processes[name].start()
        self.stack.wait_ready()

    def rows(self, service: ServiceName, statement: str) -> list[Any]:
        async def fetch() -> list[Any]:
            connection: Any = await asyncpg.connect(self.stack.superuser_url_of(self._service(service)))
            try:
                return [row[0] for row in await connection.fetch(statement)]
            finally:
                await connection.close()

        return asyncio.run(fetch())

    def come_to_rest(self) -> None:
        """Raises AssertionError with what still waits, and what one side alone has."""
        left: list[object] = []

        def at_rest() -> bool | None:
            waiting = [self.rows(service, _UNDER_WAY)[0] for service in SERVICES]
            left[:] = [*filter(None, waiting), *self.differing(_STATES)]
            return None if left else True

        try:
            wait_for(at_rest, "both sides to agree", PATIENCE)
        except TimeoutError:
            pytest.fail(f"the two sides do not come to agree: {left}")

    def differing(self, of: Mapping[ServiceName, str]) -> Counter[str]:
        """What one side alone has."""
        cabinet, bpa = (Counter(self.rows(service, of[service])) for service in SERVICES)
        return (cabinet - bpa) + (bpa - cabinet)

    def _service(self, name: ServiceName) -> Service:
        return self.stack.cabinet if name == "cabinet" else self.stack.bpa

    def _database_url(self, service: Service) -> str:
        return self.stack.environment_of(service)[f"{service.name.upper()}_DATABASE_URL"]

    def _places(self) -> Places:
        cabinet, bpa = (self.stack.environment_of(self._service(service)) for service in SERVICES)
        return Places(
            cabinet_owner_database_url=self.stack.superuser_url_of(self.stack.cabinet),
            bpa_owner_database_url=self.stack.superuser_url_of(self.stack.bpa),
            cabinet_secret_keys=(cabinet["CABINET_SECRET_KEYS"],),
            bpa_secret_keys=(bpa["BPA_SECRET_KEYS"],),
            cabinet_files_dir=self.stack.data.files,
            bpa_clickhouse_url=bpa["BPA_CLICKHOUSE_URL"],
        )


@pytest.fixture(scope="module")
def site(stacks: Stacks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    stacks.close()
    with running_stack(UNLIMITED_ENVIRONMENT) as stack:
        yield Site(stack, tmp_path_factory.mktemp("restoring"))


@pytest.fixture(scope="module")
def people(site: Site) -> Iterator[People]:
    with ExitStack() as opened:
        yield People(site.stack, opened, Desk(site.stack, opened))


def answer(expert: Expert, case_id: str) -> None:
    expert.wait_until(case_id, "queued", patience=PATIENCE)
    expert.claim(case_id)
    expert.decide(case_id, "insufficient_data", "The number cannot be read.", not_covered=["all"])


def test_both_sides_come_back_to_one_moment_and_agree(site: Site, people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    before = [send(client) for _ in range(2)]
    answer(expert, before[0])
    client.wait_until(before[0], "answered", patience=PATIENCE)
    busy, enough = people.client(), threading.Event()
    during: list[str] = []

    def load() -> None:
        while not enough.is_set():
            during.append(send(busy))

    loading = threading.Thread(target=load)
    loading.start()
    wait_for(lambda: during or None, "the load", PATIENCE)
    folder = site.backup()
    enough.set()
    loading.join()
    answer(expert, before[1])
    after = send(client)
    expert.wait_until(after, "queued", patience=PATIENCE)

    site.restore(folder, *SERVICES)
    site.come_to_rest()

    assert site.differing(_ANSWERS) == Counter()
    known = {row.split()[0] for row in map(str, site.rows("bpa", _STATES["bpa"]))}
    assert known >= set(before)
    assert after not in known
    # What the backup did not have can be done anew: the one that was answered since is open again.
    assert client.inspection(before[0])["state"] == "answered"
    answer(expert, before[1])
    client.wait_until(before[1], "answered", patience=PATIENCE)
    for service in SERVICES:
        assert site.rows(service, "SELECT reason FROM dead_letters") == []


def test_one_side_of_an_earlier_moment_goes_on_beside_the_other(
    site: Site, people: People, send: Send
) -> None:
    """The experts' side loses what it did since; no answer that a client has changes, and all else goes on."""
    client, expert = people.client(), people.expert("anna")
    open_then, answered_then = send(client), send(client)
    answer(expert, answered_then)
    expert.wait_until(open_then, "queued", patience=PATIENCE)
    folder = site.backup()
    answer(expert, open_then)
    client.wait_until(open_then, "answered", patience=PATIENCE)
    given = client.inspection(open_then)["decision"]
    later = send(client)
    expert.wait_until(later, "queued", patience=PATIENCE)

    site.restore(folder, "bpa")

    # What the client sent since is fetched from cabinet's log, and is answered as always.
    answer(expert, later)
    client.wait_until(later, "answered", patience=PATIENCE)
    for kept in (open_then, answered_then):
        assert client.inspection(kept)["state"] == "answered"
    assert client.inspection(open_then)["decision"] == given
    assert expert.case(open_then)["state"] == "queued"
