"""What recording traces costs a submit: CPU of server and PostgreSQL, beside a server that records none.

Three servers of cabinet on one database take turns: none, a tenth and all of what comes is recorded, and sent to
a collector that keeps it. Beside it what the span of a request takes by itself, which other work on the machine
bends less.
"""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Final
from urllib.request import urlopen
from uuid import UUID, uuid4

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from bench import load, pictures, rows
from bench.harness import Figure, of_rounds
from bench.load import Job, asking, request
from bench.stage import CONNECTIONS, START_TIMEOUT, Sample, Stage
from bench.submit import CLAIM
from deploy.embedded.processes import Process, StartFailed, free_port, wait_until
from deploy.embedded.stack import CHECKOUT
from service_kit import tracing
from service_kit.tracing import Kind
from service_kit.tracing.recording import Recorder
from tests.support.collector import Collector

ROUNDS: Final = 9
JOBS: Final = 200
RATIOS: Final = ("0.1", "1")
AT_MOST: Final = 1.05
SPANS: Final = 10_000


def run() -> list[Figure]:
    with ExitStack() as opened:
        stage = opened.enter_context(Stage())
        collector = opened.enter_context(Collector().running())
        client = stage.client()
        draft = client.start(CLAIM, worry="Are the digits genuine?")
        client.upload(draft["id"], "vin_stamped", pictures.small())
        stage.stop_background()
        servers = [("cabinet-api", stage.stack.cabinet.port)] + [
            _recording(stage, collector, ratio) for ratio in RATIOS
        ]
        ids = rows.copy_draft(stage, draft["id"], count=JOBS * (ROUNDS + 1) * len(servers))
        rounds = asyncio.run(_in_turns(stage, servers, ids, client.headers))
    assert collector.spans  # or else it is not recording that was measured
    tenth = [(none.cpu_milliseconds, part.cpu_milliseconds) for none, part, _ in rounds]
    whole = [(none.cpu_milliseconds, all_of_it.cpu_milliseconds) for none, _, all_of_it in rounds]
    return [
        of_rounds("submit with a tenth of traces recorded, CPU", "ms", tenth, at_most=AT_MOST),
        of_rounds("submit with all traces recorded, CPU", "ms", whole),
        _span("a request's span that is not recorded", ratio=0),
        _span("a request's span, recorded and encoded", ratio=1),
    ]


class _Encoder(SpanExporter):
    """Does what the exporter does, but for sending."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        encode_spans(spans).SerializeToString()
        return SpanExportResult.SUCCESS


def _span(name: str, *, ratio: float) -> Figure:
    """CPU of the whole process, in which the thread that encodes is."""
    recorder = Recorder(BatchSpanProcessor(_Encoder()), service="bench", process="api", ratio=ratio)
    with tracing.recorded_by(recorder):
        started = time.process_time()
        for _ in range(SPANS):
            with tracing.continued(None, "POST", Kind.SERVER) as span:
                span.note("http.request.method", "POST")
                span.name("POST /api/v1/inspections/{inspection_id}/submit")
                span.note("http.route", "/api/v1/inspections/{inspection_id}/submit")
                span.note("http.response.status_code", 200)
                tracing.traceparent()
        recorder.close()
    return Figure(name=name, unit="µs", product=(time.process_time() - started) / SPANS * 1e6)


def _recording(stage: Stage, collector: Collector, ratio: str) -> tuple[str, int]:
    """One more server of cabinet, that records so much; its name and its port."""
    name, port = f"cabinet-api-{ratio}", free_port()
    told = {"PORT": str(port), "OTLP_URL": collector.url, "TRACE_RATIO": ratio}
    stack = stage.stack
    server = Process(
        name,
        [sys.executable, *stack.cabinet.command("api")],
        logs=stack.data.logs,
        pids=stack.data.pids,
        environment={
            **stack.environment_of(stack.cabinet),
            **{f"CABINET_{key}": value for key, value in told.items()},
        },
        cwd=CHECKOUT,
    )
    stack.processes[name] = server  # which ends it with the others
    server.start()
    url = f"http://127.0.0.1:{port}/livez"
    if not wait_until(lambda: _answers(url), seconds=START_TIMEOUT):
        raise StartFailed(server.log_tail())
    return name, port


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1):
            return True
    except OSError:
        return False


async def _in_turns(
    stage: Stage, servers: Sequence[tuple[str, int]], ids: Sequence[UUID], headers: Mapping[str, str]
) -> list[Sequence[Sample]]:
    waiting = iter(ids)

    def submits() -> list[Job]:
        return [
            asking(
                request(
                    "POST",
                    f"/api/v1/inspections/{next(waiting)}/submit",
                    headers={
                        "Authorization": headers["Authorization"],
                        "Idempotency-Key": uuid4().hex,
                    },
                ),
                expect=200,
            )
            for _ in range(JOBS)
        ]

    found: list[Sequence[Sample]] = []
    for number in range(ROUNDS + 1):
        samples = [
            await stage.measure(stage.pids(name), load.do(port, submits(), connections=CONNECTIONS))
            for name, port in servers
        ]
        if number:
            found.append(samples)
    return found
