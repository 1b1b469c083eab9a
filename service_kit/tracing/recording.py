"""Recording traces with OpenTelemetry.

Its provider is ours alone and not the global one: libraries that look for that (FastAPI, Elasticsearch's client)
would tell paths with secrets in them, addresses of clients, and what was searched for.
"""

import threading
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service_kit import tracing
from service_kit.tracing import Fact, Kind, Span, sending

# For what is not yet sent when the process ends. A collector that is away must not hold it up.
FAREWELL_SECONDS: Final = 2.0
_NOWHERE: Final = Context()
_W3C: Final = TraceContextTextMapPropagator()
_KINDS: Final = {
    Kind.SERVER: SpanKind.SERVER,
    Kind.CLIENT: SpanKind.CLIENT,
    Kind.PRODUCER: SpanKind.PRODUCER,
    Kind.CONSUMER: SpanKind.CONSUMER,
}


@contextmanager
def recording(url: str, *, service: str, process: str, ratio: float) -> Generator[None]:
    """Send this process's spans to the collector at `url`, from a thread of their own.

    Of the traces that begin here the share `ratio` is recorded. While the collector is away spans are lost, and
    nothing else.
    """
    with sending.exporter_to(url) as exporter:
        recorder = Recorder(BatchSpanProcessor(exporter), service=service, process=process, ratio=ratio)
        try:
            with tracing.recorded_by(recorder):
                yield
        finally:
            recorder.close()


class Recorder:
    """Spans of OpenTelemetry, behind the port `tracing.Tracer`."""

    def __init__(self, processor: SpanProcessor, *, service: str, process: str, ratio: float) -> None:
        named = {"service.namespace": "autodetective", "service.name": f"{service}-{process}"}
        # Whoever began a trace decided for all of it: a part of one tells nothing.
        sampler = ParentBased(TraceIdRatioBased(ratio))
        self._provider = TracerProvider(sampler, Resource(named), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("service_kit")

    def part(self, name: str, kind: Kind) -> AbstractContextManager[Span]:
        return self._span(name, kind, context=None)

    def continued(self, traceparent: str | None, name: str, kind: Kind) -> AbstractContextManager[Span]:
        carrier = {"traceparent": traceparent} if traceparent else {}
        return self._span(name, kind, context=_W3C.extract(carrier, _NOWHERE))

    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get("traceparent")

    def trace_id(self) -> str | None:
        context = trace.get_current_span().get_span_context()
        return trace.format_trace_id(context.trace_id) if context.trace_flags.sampled else None

    def close(self) -> None:
        """Send what is there, as far as that is quick."""
        closing = threading.Thread(target=self._provider.shutdown, name="last spans", daemon=True)
        closing.start()
        closing.join(FAREWELL_SECONDS)

    @contextmanager
    def _span(self, name: str, kind: Kind, *, context: Context | None) -> Generator[Span]:
        span = _Recorded(self._tracer.start_span(name, context, _KINDS[kind]))
        try:
            # Not what the library notes of errors by itself: their texts quote what people wrote.
            with trace.use_span(span.inner, record_exception=False, set_status_on_exception=False):
                yield span
        except BaseException as error:  # what was cancelled, or took too long, did not work either
            span.fail(type(error).__name__)
            raise
        finally:
            span.end()


class _Recorded:
    def __init__(self, inner: trace.Span) -> None:
        self.inner = inner

    def name(self, name: str) -> None:
        self.inner.update_name(name)

    def note(self, fact: str, value: Fact) -> None:
        self.inner.set_attribute(fact, value)

    def fail(self, kind: str) -> None:
        if self.inner.is_recording():  # the library logs what is said of a span that is over
            self.inner.set_attribute("error.type", kind)
            self.inner.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        if self.inner.is_recording():
            self.inner.end()
