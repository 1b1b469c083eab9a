"""One trace from the client's Send to the expert's row, through every process that has a part in it."""

from collections.abc import Callable
from typing import Final

from deploy.demo.people import Client, wait_for
from deploy.embedded.stack import Stack
from tests.flows import traces
from tests.flows.conftest import VIN, People
from tests.flows.screens import about, screen
from tests.support.collector import Collector, Seen

TURN: Final = 4  # beside the other one with these settings, and before it
SETTINGS: Final = traces.SETTINGS
PATIENCE: Final = 30.0

SEND: Final = ("cabinet-api", "POST /api/v1/inspections/{inspection_id}/submit")
PUBLISH: Final = ("cabinet-relay", "publish inspection.submitted.v1")
PROCESS: Final = ("bpa-consumer", "process inspection.submitted.v1")
# Over signed HTTP the message comes in by a request.
BY_HTTP: Final = [
    (("cabinet-relay", "POST"), PUBLISH),
    (("bpa-api", "POST /internal/v1/queues/{queue}/messages"), ("cabinet-relay", "POST")),
]


def test_a_send_is_one_trace_until_the_row_is_on_the_desk(
    people: People, stack: Stack, collector: Collector, send: Callable[[Client], str]
) -> None:
    client, expert = people.client(), people.expert("anna")
    with screen(expert) as desk:
        inspection_id = send(client)
        [shown] = about(desk, inspection_id, 1)
    expert.wait_until(inspection_id, "queued")

    trace = wait_for(lambda: _whole(collector), "all spans of the trace", PATIENCE)

    chain = [(PUBLISH, SEND), (PROCESS, PUBLISH), (("bpa-api", f"hint {shown['kind']}"), PROCESS)]
    if not stack.environment_of(stack.bpa).get("BPA_BUS_URL"):
        chain += BY_HTTP
    by_id = {span.span_id: span for span in trace}
    links = {(_place(span), _place(by_id[span.parent_id])) for span in trace if span.parent_id}
    assert set(chain) <= links
    # And back: what the experts' side announces for it belongs to the same.
    assert any(span.process == "cabinet-consumer" for span in trace)
    assert [_place(span) for span in trace if not span.parent_id] == [SEND]
    assert all(inspection_id not in span.text and VIN not in span.text for span in trace)


def _whole(collector: Collector) -> list[Seen] | None:
    """The trace of the Send, once nothing in it has a parent that has not come."""
    sent = next((span for span in collector.spans if _place(span) == SEND), None)
    if sent is None:
        return None
    trace = collector.trace_of(sent)
    ids = {span.span_id for span in trace}
    places = {_place(span) for span in trace}
    is_back = any(process == "cabinet-consumer" for process, _ in places)
    has_no_gap = all(span.parent_id in ids for span in trace if span.parent_id)
    has_hint = any(name.startswith("hint ") and process == "bpa-api" for process, name in places)
    return trace if is_back and has_no_gap and has_hint and PROCESS in places else None


def _place(span: Seen) -> tuple[str, str]:
    return span.process, span.name
