"""An upgrade while people work: one process after the other gives way to one of a new image.

Clients send and experts answer all the while, and note what they were told. Whatever they were told has to be
there afterwards, on both sides, and once.
"""

import json
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from deploy.demo.people import wait_for
from tests.containers.compose import LABEL, OURS, SERVICES, Compose
from tests.containers.engine import EngineFailed
from tests.containers.job import Job
from tests.containers.looks import ORDERLY
from tests.containers.steps import NotAsPromised, say
from tests.faults.ledger import Line
from tests.faults.traffic import EXPERTS, Buyer, Judge, Log, at_work

# bpa first: it then knows every event before one is sent.
ORDER: Final = ("bpa", "cabinet")
PARTS: Final = ("api", "relay", "consumer", "worker")
# So many, and so calm, that none reaches the limits of an account.
BUYERS: Final = 6
LONGEST_PAUSE: Final = 20.0
STARTED_WITHIN: Final = 120.0
AT_REST_WITHIN: Final = 180.0
BAD_GATEWAY: Final = str(HTTPStatus.BAD_GATEWAY.value)
_KNOWN: Final = {"cabinet": "SELECT id FROM inspections", "bpa": "SELECT id FROM cases"}
_ON_ITS_WAY: Final = """
    SELECT 'outbox' FROM outbox WHERE sent_at IS NULL UNION ALL SELECT 'queue' FROM queued_messages
    UNION ALL SELECT 'parked' FROM parked_events
"""
_DEAD_LETTERS: Final = "SELECT queue || ': ' || reason FROM dead_letters WHERE replayed_at IS NULL"


@dataclass(frozen=True)
class Traffic:
    """Clients and experts through the proxy, and what they were told. `before` is what was there already."""

    buyers: Sequence[Buyer]
    judges: Sequence[Judge]
    log: Log
    before: dict[str, frozenset[str]]


def traffic(compose: Compose, job: Job) -> Traffic:
    """All are signed in."""
    log, chance = Log(proxied=True), random.Random(1)
    people = {person["login"]: person for person in job.people}
    return Traffic(
        buyers=[Buyer(job.urls["cabinet"], log, chance) for _ in range(BUYERS)],
        judges=[Judge(job.urls["bpa"], log, people[login]) for login in EXPERTS],
        log=log,
        before={service: frozenset(compose.rows(service, _KNOWN[service])) for service in SERVICES},
    )


def roll(compose: Compose, traffic: Traffic, version: str) -> None:
    """Replace every process of both services, and hold what came of it against what people were told."""
    with _ends_noted(compose) as ends, at_work(traffic.judges):
        with _sending(traffic.buyers):
            wait_for(lambda: traffic.log.decided or None, "the first answer")
            _upgrade(compose, version)
            upgraded, turned_away = len(traffic.log.sent), traffic.log.retries[BAD_GATEWAY]
            wait_for(lambda: len(traffic.log.sent) >= upgraded + BUYERS or None, "work after the upgrade")
        _come_to_rest(compose, traffic.log)
        _look_at_ends(ends)
    log = traffic.log
    say(
        f"{len(log.sent)} inspections, {sum(len(sent.photos) for sent in log.sent)} photos accepted meanwhile"
    )
    say(f"requests that had to be repeated: {dict(log.retries) or 'none'}")
    lines = list(_lines(compose, traffic))
    faults = [str(line) for line in lines if line.expected != line.found]
    faults += [
        f"dead letter: {what}" for service in SERVICES for what in compose.rows(service, _DEAD_LETTERS)
    ]
    faults += [f"surprise: {what}" for what in log.surprises]
    if later := log.retries[BAD_GATEWAY] - turned_away:
        faults.append(f"{later} requests found no API though all had been replaced and were ready")
    if faults:
        raise NotAsPromised("\n".join(faults))
    say(f"{len(lines)} comparisons with what both databases say: nothing lost, nothing doubled")


def _upgrade(compose: Compose, version: str) -> None:
    """As docs/operating.md says it."""
    compose.settings["VERSION"] = version
    for service in ORDER:
        compose.call("run", "--rm", "--no-deps", f"{service}-migrate")
        for name in (f"{service}-{part}" for part in PARTS):
            began = time.monotonic()
            compose.call("up", "-d", "--no-build", "--no-deps", name)
            ready = _ready_after(compose, name)
            say(f"{name}: ready {ready:.1f} s after its start, replaced in {time.monotonic() - began:.0f} s")


def _ready_after(compose: Compose, name: str) -> float:
    """Seconds from the start of its container until it does its work."""
    container = compose.container(name)
    started = datetime.fromisoformat(container["State"]["StartedAt"])
    while True:
        passed = (datetime.now(UTC) - started).total_seconds()
        try:
            compose.engine.run("docker", "exec", container["Id"], "healthy")
            return passed
        except EngineFailed:
            if passed > STARTED_WITHIN:
                raise
            time.sleep(0.1)


@contextmanager
def _sending(buyers: Sequence[Buyer]) -> Generator[None]:
    """They send one inspection after the other while the block runs."""
    enough = threading.Event()

    def keep_sending(buyer: Buyer) -> None:
        while not enough.wait(random.uniform(0, LONGEST_PAUSE)):
            buyer.send()

    with ThreadPoolExecutor(len(buyers)) as threads:
        running = [threads.submit(keep_sending, buyer) for buyer in buyers]
        try:
            yield
        finally:
            enough.set()
            for one in running:
                one.result()  # raises what ended it


def _come_to_rest(compose: Compose, log: Log) -> None:
    def at_rest() -> bool | None:
        way = [what for service in SERVICES for what in compose.rows(service, _ON_ITS_WAY)]
        answers = compose.rows("cabinet", "SELECT inspection_id FROM decisions")
        return True if not way and {sent.inspection_id for sent in log.sent} <= set(answers) else None

    wait_for(at_rest, "everything to be answered, and nothing on its way", AT_REST_WITHIN)


@contextmanager
def _ends_noted(compose: Compose) -> Generator[Path]:
    """The file of how containers end while the block runs: the engine itself remembers few of its events."""
    ends = compose.folder / "ends.jsonl"
    told = ("--filter", LABEL, "--filter", "event=die", "--format", "{{json .}}")
    with ends.open("wb") as sink:
        noting = subprocess.Popen(
            ("docker", "events", *told), env=compose.engine.environment, stdout=sink, stderr=sink
        )
        try:
            yield ends
        finally:
            noting.terminate()
            noting.wait()


def _look_at_ends(ends: Path) -> None:
    """Whoever gave way had finished what it was at."""
    noted = [json.loads(line)["Actor"]["Attributes"] for line in ends.read_text().splitlines()]
    codes = [(end["com.docker.compose.service"], int(end["exitCode"])) for end in noted]
    if missing := set(OURS) - {name for name, _ in codes}:
        raise NotAsPromised(f"not replaced: {', '.join(missing)}")
    if killed := [(name, code) for name, code in codes if code != ORDERLY]:
        raise NotAsPromised(f"did not end in order: {killed}")


def _lines(compose: Compose, traffic: Traffic) -> Iterable[Line]:
    sent = traffic.log.sent
    inspections = Counter(one.inspection_id for one in sent)

    def new(service: str, statement: str) -> Counter[Any]:
        rows = compose.rows(service, statement)
        return Counter(row for row in rows if row.split(maxsplit=1)[0] not in traffic.before[service])

    yield Line("drafts", Counter(traffic.log.started), new("cabinet", _KNOWN["cabinet"]))
    for what, service, statement in (
        ("sent", "cabinet", "SELECT id FROM inspections WHERE submitted_at IS NOT NULL"),
        ("at the desk", "bpa", _KNOWN["bpa"]),
        ("decided", "bpa", "SELECT case_id FROM decisions"),
        ("answered", "cabinet", "SELECT inspection_id FROM decisions"),
        ("told that it was sent", "cabinet", _timeline("submitted")),
        ("told the answer", "cabinet", _timeline("decision_issued")),
    ):
        yield Line(what, inspections, new(service, statement))
    photos = Counter(f"{one.inspection_id} {photo}" for one in sent for photo in one.photos)
    stored = "SELECT inspection_id || ' ' || encode(sha256, 'hex') FROM evidence WHERE deleted_at IS NULL"
    yield Line("photos", photos, new("cabinet", stored))
    messages = Counter(f"{one.inspection_id} {message}" for one in sent for message in one.messages)
    yield Line("messages", messages, new("cabinet", "SELECT inspection_id || ' ' || id FROM messages"))
    yield Line("messages at the desk", messages, new("bpa", "SELECT case_id || ' ' || id FROM messages"))


def _timeline(kind: str) -> str:
    return f"SELECT inspection_id FROM timeline_entries WHERE kind = '{kind}'"
