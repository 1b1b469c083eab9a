"""The ledger check: what programs were told, what both databases say and what lies on disk is one and the same.

Every line is an equation between two multisets. Nothing may be missing on either side, nothing be there twice.
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import asyncpg

from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.db.tables import TABLES
from cabinet_service.photos import jobs
from cabinet_service.photos.storage import preview_key
from deploy.demo.people import wait_for
from service_kit.db import Database, database_now
from tests.faults.traffic import TOLD, Log
from tests.faults.world import PROCESSES, World

SETTLING: Final = 240.0
LONG_AGO: Final = 1_000_000_000
_DUPLICATE: Final = re.compile(r"message_received\b.*\boutcome=duplicate\b")

_UNINDEXED: Final = """
        UNION ALL SELECT 'search' FROM search_marks WHERE version <> fed
        UNION ALL SELECT 'copy' FROM search_copies WHERE state <> 'live'
"""
# Rows that say that something is still on its way.
_UNSETTLED: Final = {
    "cabinet": f"""
        SELECT 'outbox' AS what FROM outbox WHERE sent_at IS NULL
        UNION ALL SELECT 'queue' FROM queued_messages
        UNION ALL SELECT 'parked' FROM parked_events
        UNION ALL SELECT 'notification' FROM notifications WHERE escalate_at <= now()
        UNION ALL SELECT 'delivery' FROM notification_deliveries WHERE state = 'queued'
        UNION ALL SELECT 'webhook' FROM webhook_deliveries WHERE state = 'pending'
        UNION ALL SELECT 'file of a report' FROM report_files WHERE due_at IS NOT NULL
        UNION ALL SELECT 'preview' FROM evidence WHERE preview_state = 'pending'
        UNION ALL SELECT 'inspection' FROM inspections WHERE state NOT IN ('draft', 'answered')
        {_UNINDEXED}
    """,
    "bpa": f"""
        SELECT 'outbox' AS what FROM outbox WHERE sent_at IS NULL
        UNION ALL SELECT 'queue' FROM queued_messages
        UNION ALL SELECT 'parked' FROM parked_events
        UNION ALL SELECT 'case' FROM cases WHERE state <> 'answered'
        {_UNINDEXED}
    """,
}
# A letter of each, but of what is late: many of that are told in one.
_SENT_ALONE: Final = """
    SELECT delivery.id FROM notification_deliveries AS delivery
    JOIN notifications AS told ON told.id = notification_id
    WHERE delivery.state = 'sent' AND told.kind <> 'late'
"""
_SENT_TO: Final = "SELECT notification_id AS id FROM notification_deliveries WHERE state = 'sent'"
_BURIED: Final = "SELECT message_id FROM dead_letters WHERE replayed_at IS NULL"
_DIGESTS: Final = "SELECT (details ->> 'report_id') || ' ' || (details ->> 'sha256') FROM audit_entries"
_OVERDUE: Final = """
    SELECT started.case_id FROM clock_entries started
    JOIN clock_entries stopped USING (case_id, clock_number)
    WHERE started.kind = 'started' AND stopped.kind = 'stopped'
      AND stopped.at - started.at >= make_interval(secs => started.budget_seconds)
"""


@dataclass(frozen=True)
class Line:
    """One equation."""

    what: str
    expected: Counter[Any]
    found: Counter[Any]

    def __str__(self) -> str:
        missing, doubled = self.expected - self.found, self.found - self.expected
        return f"{self.what}: {_some(missing)} missing, {_some(doubled)} too many"


@dataclass(frozen=True)
class Balance:
    """The outcome of a check, with the figures that go into a report."""

    faults: list[str]
    lines: int
    inspections: int
    photos: int
    events: int
    duplicates: int
    overdue: int
    swept: int


def rows(world: World, service: str, statement: str) -> list[Any]:
    """The first column of what the superuser is told, whatever row level security hides."""

    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(world.stack.superuser_url_of(world.service(service)))
        try:
            return [row[0] for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def on_its_way(world: World) -> Counter[str]:
    """What neither took effect nor was buried, by service and kind.

    A message that was published may wait where no table shows it, such as a delay queue of RabbitMQ: so what was
    announced is compared with what took effect.
    """
    left: Counter[str] = Counter()
    for service, peer in (("cabinet", "bpa"), ("bpa", "cabinet")):
        left.update(f"{service}: {what}" for what in rows(world, service, _UNSETTLED[service]))
        done = {*rows(world, service, "SELECT event_id FROM inbox"), *rows(world, service, _BURIED)}
        for sender, kind in ((peer, "events"), (service, "work")):
            sent = rows(world, sender, f"SELECT event_id FROM outbox WHERE queue = '{service}.{kind}'")
            left[f"{service}: {kind} that did not arrive"] = len(set(sent) - done)
    return +left


def settle(world: World, log: Log, patience: float = SETTLING) -> None:
    """Return once everything has run its course. Raises TimeoutError, and says what has not."""
    left: Counter[str] = Counter()

    def at_rest() -> bool | None:
        left.clear()
        left.update(on_its_way(world))
        return True if not left and log.answered_all() else None

    try:
        wait_for(at_rest, "everything to come to rest", patience)
    except TimeoutError as error:
        raise TimeoutError(f"{error}: {dict(left)}") from None


def check(world: World, log: Log) -> Balance:
    """Settle, sweep and compare. Nothing may be running through the world meanwhile."""
    settle(world, log)
    swept = _sweep(world)
    lines = [
        *_inspections(world, log),
        *_evidence(world, log),
        *_events(world),
        *_reports(world),
        *_webhooks(world, log),
        *_alarms(world),
        *_indexed(world),
    ]
    faults = [str(line) for line in lines if line.expected != line.found]
    faults += [f"dead letter: {what}" for what in _dead_letters(world)]
    faults += [f"surprise: {what}" for what in (*log.surprises, *world.unexpected)]
    return Balance(
        faults=faults,
        lines=len(lines),
        inspections=len(log.sent),
        photos=sum(len(sent.photos) for sent in log.sent),
        events=len(rows(world, "bpa", "SELECT event_id FROM inbox"))
        + len(rows(world, "cabinet", "SELECT event_id FROM inbox")),
        duplicates=duplicates(world),
        overdue=len(rows(world, "bpa", _OVERDUE)),
        swept=swept,
    )


def duplicates(world: World) -> int:
    """How many deliveries the inboxes have dropped, as something they had already."""
    return sum(len(_DUPLICATE.findall(world.log_of(name))) for name in PROCESSES)


def _inspections(world: World, log: Log) -> Iterable[Line]:
    sent = Counter(one.inspection_id for one in log.sent)
    for what, service, statement in (
        ("submitted in cabinet", "cabinet", "SELECT id FROM inspections WHERE submitted_at IS NOT NULL"),
        ("cases of bpa", "bpa", "SELECT id FROM cases"),
        ("decided by bpa", "bpa", "SELECT case_id FROM decisions"),
        ("answered in cabinet", "cabinet", "SELECT inspection_id FROM decisions"),
        ("reported by bpa", "bpa", "SELECT case_id FROM reports"),
        ("reports in cabinet", "cabinet", "SELECT inspection_id FROM reports"),
        ("told on the timeline: submitted", "cabinet", _timeline("submitted")),
        ("told on the timeline: queued", "cabinet", _timeline("queued")),
        ("told on the timeline: decided", "cabinet", _timeline("decision_issued")),
        ("notified of the answer", "cabinet", _notified("decision")),
    ):
        yield Line(what, sent, _ids(rows(world, service, statement)))
    yield Line("started", Counter(log.started), _ids(rows(world, "cabinet", "SELECT id FROM inspections")))
    messages = Counter(message for one in log.sent for message in one.messages)
    yield Line("messages in cabinet", messages, _ids(rows(world, "cabinet", "SELECT id FROM messages")))
    yield Line("messages in bpa", messages, _ids(rows(world, "bpa", "SELECT id FROM messages")))
    letters = Counter(path.stem for path in world.stack.data.outbox.glob("*.json"))
    sent_out = _ids(rows(world, "cabinet", _SENT_ALONE))
    yield Line("letters handed over", sent_out, letters & sent_out)


def _reports(world: World) -> Iterable[Line]:
    made = Counter(rows(world, "bpa", "SELECT id || ' ' || sha256 FROM reports"))
    kept = Counter(rows(world, "cabinet", "SELECT report_id || ' ' || sha256 FROM reports"))
    yield Line("reports, as they were made", made, kept)
    for service, act in (("bpa", "report_made"), ("cabinet", "report_received")):
        logged = Counter(rows(world, service, f"{_DIGESTS} WHERE act = '{act}'"))
        yield Line(f"digests on the log of {service}", made, logged)


def _webhooks(world: World, log: Log) -> Iterable[Line]:
    """A partner hears all of it, what comes again under the same id, and of each inspection in order."""
    heard = {one.id: one.told for one in world.partner.requests}
    told = Counter((one["data"]["inspection_id"], one["type"]) for one in heard.values())
    of_companies = [one.inspection_id for one in log.sent if one.in_companys_name]
    yield Line("told a partner", Counter((one, kind) for one in of_companies for kind in TOLD), told)
    delivered = rows(world, "cabinet", "SELECT event_id FROM webhook_deliveries WHERE state = 'delivered'")
    yield Line("webhooks delivered", Counter(heard.keys()), _ids(delivered))
    lines = world.partner.by_inspection().items()
    out_of_order = Counter(inspection for inspection, line in lines if line != sorted(line))
    yield Line("told a partner in order", Counter(), out_of_order)


def _evidence(world: World, log: Log) -> Iterable[Line]:
    photos = Counter(f"{one.inspection_id} {photo}" for one in log.sent for photo in one.photos)
    kept = "FROM evidence WHERE deleted_at IS NULL"
    stored = rows(world, "cabinet", f"SELECT inspection_id || ' ' || encode(sha256, 'hex') {kept}")
    yield Line("photos in cabinet", photos, Counter(stored))
    ids = _ids(rows(world, "cabinet", f"SELECT id {kept}"))
    yield Line("photos known to bpa", ids, _ids(rows(world, "bpa", "SELECT id FROM evidence")))
    originals = rows(world, "cabinet", f"SELECT original_key || ' ' || encode(sha256, 'hex') {kept}")
    yield Line("originals on disk", Counter(originals), Counter(_contents(world.files(), "originals")))
    copies = rows(world, "cabinet", f"SELECT copy_key {kept} AND copy_key IS NOT NULL")
    yield Line("copies on disk", Counter(copies), Counter(_keys(world.files(), "copies")))
    previews = rows(world, "cabinet", f"SELECT replace(shown_key, 'originals', 'previews') {kept}")
    # A copy had a preview of its own unless its original was faster than the worker.
    of_copies = {preview_key(copy) for copy in copies}
    found = Counter(key for key in _keys(world.files(), "previews") if key not in of_copies)
    yield Line("previews on disk", Counter(previews), found)


def _events(world: World) -> Iterable[Line]:
    """Whatever was announced took effect once."""
    for service, peer in (("cabinet", "bpa"), ("bpa", "cabinet")):
        announced = rows(world, peer, f"SELECT event_id FROM outbox WHERE queue = '{service}.events'")
        work = rows(world, service, f"SELECT event_id FROM outbox WHERE queue = '{service}.work'")
        effects = _ids(rows(world, service, "SELECT event_id FROM inbox"))
        yield Line(f"taken in by {service}", _ids([*announced, *work]), effects)


def _alarms(world: World) -> Iterable[Line]:
    overdue = _ids(rows(world, "bpa", _OVERDUE))
    breached = "SELECT aggregate_id FROM outbox WHERE type = 'sla.breached'"
    yield Line(
        "overdue on the clock",
        overdue,
        _ids(rows(world, "bpa", "SELECT case_id FROM clock_entries WHERE percent = 100")),
    )
    yield Line("overdue announced", overdue, _ids(rows(world, "bpa", breached)))
    yield Line(
        "overdue told on the timeline", overdue, _ids(rows(world, "cabinet", _timeline("sla_breached")))
    )
    yield Line("notified of the delay", overdue, _ids(rows(world, "cabinet", _notified("late"))))


def _indexed(world: World) -> Iterable[Line]:
    """The index holds what is there, in the version that is there, in one copy."""
    for service, table in (("cabinet", "inspections WHERE submitted_at IS NOT NULL"), ("bpa", "cases")):
        there = rows(world, service, f"SELECT id FROM {table}")
        yield Line(
            f"marked in {service}", _ids(there), _ids(rows(world, service, "SELECT id FROM search_marks"))
        )
        marks = rows(world, service, "SELECT id || ' ' || version FROM search_marks")
        held = rows(world, service, "SELECT id || ' ' || version FROM search_index_documents")
        yield Line(f"found in {service}", Counter(marks), Counter(held))


def _dead_letters(world: World) -> list[str]:
    statement = "SELECT queue || ': ' || reason FROM dead_letters WHERE replayed_at IS NULL"
    return [*rows(world, "cabinet", statement), *rows(world, "bpa", statement)]


def _sweep(world: World) -> int:
    """Do what the worker does with files that no row mentions, as if a week had passed; returns how many went."""
    before = sum(1 for _ in _files(world.files()))
    for path in _files(world.files()):
        os.utime(path, (LONG_AGO, LONG_AGO))

    async def sweep() -> None:
        database = Database(world.stack.superuser_url_of(world.stack.cabinet), hints=TABLES.hints)
        try:
            async with database.writing() as session:
                now = await database_now(session)
                await jobs.sweep(session, now, files=DirectoryFileStore(world.files()))
        finally:
            await database.close()

    asyncio.run(sweep())
    return before - sum(1 for _ in _files(world.files()))


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _keys(folder: Path, part: str) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in _files(folder / part)]


def _contents(folder: Path, part: str) -> list[str]:
    return [f"{key} {sha256((folder / key).read_bytes()).hexdigest()}" for key in _keys(folder, part)]


def _timeline(kind: str) -> str:
    return f"SELECT inspection_id FROM timeline_entries WHERE kind = '{kind}'"


def _notified(kind: str) -> str:
    return f"SELECT inspection_id FROM notifications WHERE kind = '{kind}' AND id IN ({_SENT_TO})"


def _ids(values: Iterable[object]) -> Counter[str]:
    return Counter(str(value) for value in values)


def _some(values: Counter[Any]) -> str:
    return f"{values.total()} ({', '.join(map(str, list(values)[:3]))})" if values else "none"
