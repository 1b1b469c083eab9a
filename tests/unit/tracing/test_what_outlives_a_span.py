"""What is begun within a span and goes on when that is over."""

from typing import Any, NoReturn

import aio_pika
import pytest

from service_kit import logs, tracing
from service_kit.bus import BusUnavailable, Message
from service_kit.bus.rabbitmq import RabbitBus
from service_kit.ids import new_id
from service_kit.tracing import Kind, recording
from tests.support.collector import Collector


async def test_a_connection_to_the_broker_belongs_to_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays open for those that come later, and so do the library's tasks, which log what they see."""
    told: list[dict[str, Any]] = []

    async def connect(*_: object, **__: object) -> NoReturn:
        told.append(dict(logs.add_ids(None, "", {})))
        raise ConnectionError

    monkeypatch.setattr(aio_pika, "connect", connect)
    bus = RabbitBus("amqp://broker")
    with (
        Collector().running() as collector,
        recording.recording(collector.url, service="toys", process="relay", ratio=1),
        tracing.continued(None, "publish", Kind.PRODUCER),
        logs.correlated("of one message"),
    ):
        with pytest.raises(BusUnavailable):
            await bus.publish(Message("toys", new_id(), b"{}", "of one message"))
        assert logs.add_ids(None, "", {}).keys() == {"trace_id", "correlation_id"}

    assert told == [{}]
