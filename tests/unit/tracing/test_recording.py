"""Spans: whose they are, whether they are recorded, what they tell, and what happens without a collector."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from service_kit import tracing
from service_kit.tracing import Kind, recording
from tests.support.collector import Collector

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SAMPLED = f"00-{TRACE}-00f067aa0ba902b7-01"
NOT_SAMPLED = f"00-{TRACE}-00f067aa0ba902b7-00"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector().running() as collector:
        yield collector


def recorded(collector: Collector, *, ratio: float) -> AbstractContextManager[None]:
    return recording.recording(collector.url, service="toys", process="relay", ratio=ratio)


def test_a_part_belongs_to_what_it_is_a_part_of(collector: Collector) -> None:
    with recorded(collector, ratio=1), tracing.continued(None, "whole", Kind.SERVER) as span:
        span.note("how", "well")
        with tracing.part("part", Kind.CLIENT):
            pass

    by_name = {span.name: span for span in collector.spans}
    assert by_name["whole"].parent_id == ""
    assert by_name["part"].parent_id == by_name["whole"].span_id
    assert by_name["whole"].facts == {"how": "well"}
    assert {(span.process, span.trace_id) for span in collector.spans} == {
        ("toys-relay", by_name["whole"].trace_id)
    }
    assert [by_name[name].kind for name in ("whole", "part")] == ["SERVER", "CLIENT"]


def test_another_process_goes_on_with_it_and_does_not_decide_anew(collector: Collector) -> None:
    with recorded(collector, ratio=0):
        with tracing.continued(SAMPLED, "on", Kind.CONSUMER):
            assert tracing.trace_id() == TRACE
        with tracing.continued(None, "own", Kind.CONSUMER):
            assert tracing.trace_id() is None
            parent = tracing.traceparent()
            assert parent is not None
            assert int(parent[-2:], 16) & 1 == 0  # whoever goes on with it records nothing either
    with recorded(collector, ratio=1), tracing.continued(NOT_SAMPLED, "off", Kind.CONSUMER):
        assert tracing.traceparent() is not None

    [only] = collector.spans
    assert (only.name, only.trace_id, only.parent_id) == ("on", TRACE, "00f067aa0ba902b7")


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "garbage",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{TRACE}-00f067aa0ba902b7-01-more",
        SAMPLED.upper(),
        "0" * 10_000,
    ],
)
def test_what_is_no_traceparent_is_as_none(collector: Collector, garbage: str) -> None:
    with recorded(collector, ratio=1), tracing.continued(garbage, "whole", Kind.CONSUMER):
        pass

    [span] = collector.spans
    assert span.parent_id == ""
    assert span.trace_id != TRACE


def test_an_error_is_noted_by_its_class_and_not_in_its_words(collector: Collector) -> None:
    def fail() -> None:
        with tracing.continued(None, "whole", Kind.CONSUMER):
            raise ValueError("a contact of somebody")

    with recorded(collector, ratio=1), pytest.raises(ValueError, match="a contact"):
        fail()

    [span] = collector.spans
    assert span.facts == {"error.type": "ValueError"}
    assert span.events == 0
    assert "contact" not in span.text


async def test_what_was_cancelled_did_not_work(collector: Collector) -> None:
    async def work() -> None:
        with tracing.continued(None, "whole", Kind.CONSUMER), tracing.part("part", Kind.CLIENT):
            await asyncio.Event().wait()

    with recorded(collector, ratio=1):
        working = asyncio.create_task(work())
        await asyncio.sleep(0)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    assert [(span.name, span.facts) for span in collector.spans] == [
        ("part", {"error.type": "CancelledError"}),
        ("whole", {"error.type": "CancelledError"}),
    ]


def test_what_fails_when_its_span_is_over_is_no_warning(
    collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        with tracing.continued(None, "stream", Kind.SERVER) as span:
            span.end()
            raise ConnectionError

    with recorded(collector, ratio=1), pytest.raises(ConnectionError):
        fail()

    assert [span.facts for span in collector.spans] == [{}]
    assert caplog.messages == []


def test_a_collector_that_does_not_answer_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "FAREWELL_SECONDS", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with (
            recording.recording(url, service="toys", process="relay", ratio=1),
            tracing.continued(None, "whole", Kind.SERVER),
        ):
            assert tracing.trace_id() is not None
        assert tracing.traceparent() is None
        [waiting] = [thread for thread in threading.enumerate() if thread.name == "last spans"]
        connection, _ = deaf.accept()
        with connection:
            assert connection.recv(65536)
            assert waiting.is_alive()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            waiting.join()


@pytest.mark.parametrize("refusal", [302, 404, 503])
def test_that_spans_are_lost_is_said_once_and_not_for_each_batch(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, refusal: int
) -> None:
    monkeypatch.setattr(recording, "FAREWELL_SECONDS", 60)  # or some would be lost with nothing said
    with Collector(refusal=refusal).running() as collector, recorded(collector, ratio=1):
        for _ in range(2000):  # in batches of some hundreds
            with tracing.continued(None, "whole", Kind.SERVER):
                pass

    assert len(collector.refused) > 1
    [line] = caplog.messages
    assert line.startswith("Failed to export spans batch")


def test_no_proxy_of_the_environment_gets_the_spans(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with Collector().running() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        with recorded(collector, ratio=1), tracing.continued(None, "whole", Kind.SERVER):
            pass

    assert proxy.refused == []
    assert [span.name for span in collector.spans] == ["whole"]


def test_where_nothing_is_recorded_there_is_nothing_to_go_on_with() -> None:
    with tracing.continued(SAMPLED, "whole", Kind.SERVER) as span:
        span.note("how", "well")
        with tracing.part("part", Kind.CLIENT):
            assert tracing.traceparent() is None
            assert tracing.trace_id() is None


def test_of_many_traces_the_share_that_was_asked_for_is_recorded(collector: Collector) -> None:
    with recorded(collector, ratio=0.5):
        for _ in range(400):
            with tracing.continued(None, "whole", Kind.SERVER), tracing.part("part", Kind.CLIENT):
                pass

    def named(name: str) -> set[str]:
        return {span.trace_id for span in collector.spans if span.name == name}

    assert 120 < len(named("whole")) < 280  # further off once in 10**15 times
    assert named("part") == named("whole")
