"""What goes on with a trace: an event on its way, one that was set aside, and one without any."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog
from structlog.testing import capture_logs

from service_kit import logs, tracing
from service_kit.bus import Delivery
from service_kit.bus.attempts import attempt
from service_kit.db import Database
from service_kit.inbox import parse
from service_kit.tracing import Kind
from service_kit.tracing.recording import recording
from tests.service.kit.conftest import RecordingBus, inbox
from tests.service.kit.delivery import announce, relay_to
from tests.support.collector import Collector

log = structlog.get_logger(__name__)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector().running() as collector:
        yield collector


async def test_an_event_that_was_set_aside_goes_on_with_the_trace_it_began_in(
    database: Database, collector: Collector
) -> None:
    car, bus = uuid4(), RecordingBus()
    relay = relay_to(database, bus)
    with recording(collector.url, service="toys", process="all", ratio=1):
        for step in (1, 2):
            with tracing.continued(None, f"step {step}", Kind.SERVER):
                await announce(database, car, step)
        await relay.relay_batch()
        first, second = (parse(message.body) for message in bus.published)
        bus.published.clear()
        for envelope in (second, first):
            await inbox.receive_in_transaction(database, envelope)
        await relay.relay_batch()
        [again] = bus.published
        await inbox.receive_in_transaction(database, parse(again.body))

    names = {span.span_id: span.name for span in collector.spans}
    ways = {
        step: [
            (span.name, names.get(span.parent_id), span.facts.get("autodetective.outcome"))
            for span in collector.trace_of(next(one for one in collector.spans if one.name == step))
            if span.name != step
        ]
        for step in ("step 1", "step 2")
    }
    publish, process = "publish car.stepped.v1", "process car.stepped.v1"
    assert sorted(ways["step 1"], key=str) == [(process, publish, "applied"), (publish, "step 1", None)]
    assert sorted(ways["step 2"], key=str) == [
        (process, publish, "applied"),
        (process, publish, "parked"),
        (publish, "step 2", None),
        (publish, "step 2", None),  # the toy is its own peer: what it lays aside is the row it announced
    ]


async def test_what_nobody_recorded_travels_without(database: Database) -> None:
    car, bus = uuid4(), RecordingBus()
    await announce(database, car, 1)
    await relay_to(database, bus).relay_batch()

    [message] = bus.published
    assert parse(message.body).traceparent is None


async def test_how_a_message_ended_is_logged_with_its_trace(database: Database, collector: Collector) -> None:
    bus = RecordingBus()
    with recording(collector.url, service="toys", process="all", ratio=1):
        with tracing.continued(None, "request", Kind.SERVER):
            await announce(database, uuid4(), -1)
            trace_id = tracing.trace_id()
        await relay_to(database, bus).relay_batch()
        [message] = bus.published
        with capture_logs(processors=[logs.add_ids]) as lines:
            with logs.correlated("before"):
                delivery = Delivery(message.queue, message.message_id, message.body, 1)
                error = await attempt(inbox.delivery_handler(database), delivery)
                log.warning("message_failed", exc_info=error)
            log.info("what_comes_next")

    assert trace_id is not None
    failed, after = lines
    assert (failed["event"], failed["trace_id"]) == ("message_failed", trace_id)
    assert failed["correlation_id"] == message.correlation_id
    assert after.keys().isdisjoint({"trace_id", "correlation_id"})


@pytest.mark.parametrize("traceparent", ["0" * 65, "00-\0", 7, ["00"], {}])
async def test_no_event_is_held_up_by_a_traceparent_that_does_not_fit(
    database: Database, traceparent: object
) -> None:
    bus = RecordingBus()
    await announce(database, uuid4(), 1)
    await relay_to(database, bus).relay_batch()
    [message] = bus.published

    envelope = parse(json.dumps(json.loads(message.body) | {"traceparent": traceparent}).encode())

    assert envelope == parse(message.body)
