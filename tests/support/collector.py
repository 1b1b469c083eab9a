"""A collector of OpenTelemetry that takes spans by OTLP over HTTP, as its specification has it."""

import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

PROTOBUF: Final = "application/x-protobuf"


@dataclass(frozen=True)
class Seen:
    """A span as it came. `parent_id` is empty for the first of its trace."""

    process: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: str
    facts: dict[str, Any]
    events: int
    text: str
    """All of it, for whoever looks for what must not be there."""


@dataclass
class Collector:
    """Listens on `port`, or on one of its own while it is running. Takes nothing else than spans.

    With a `refusal` it takes nothing, and answers that status to be asked again at once.
    """

    port: int = 0
    refusal: int | None = None
    spans: list[Seen] = field(default_factory=list[Seen])
    refused: list[str] = field(default_factory=list[str])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def trace_of(self, span: Seen) -> list[Seen]:
        return [one for one in self.spans if one.trace_id == span.trace_id]

    @contextmanager
    def running(self) -> Generator["Collector"]:
        server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        server.daemon_threads = True
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def take(self, path: str, media_type: str, body: bytes) -> int:
        """The status of the answer."""
        if self.refusal is not None:
            self.refused.append(f"{path} {media_type}")
            return self.refusal
        if path != "/v1/traces" or media_type != PROTOBUF:
            self.refused.append(f"{path} {media_type}")
            return 404 if path != "/v1/traces" else 415
        try:
            request = ExportTraceServiceRequest.FromString(body)
        except DecodeError as error:
            self.refused.append(repr(error))
            return 400
        self.spans += _spans_of(request)
        return 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = collector.take(self.path, self.headers["Content-Type"], body)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(status)
                self.send_header("Content-Type", PROTOBUF)
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - it says nothing
                pass

        return Handler


def _spans_of(request: ExportTraceServiceRequest) -> Iterable[Seen]:
    for of_process in request.resource_spans:
        process: str = _facts(of_process.resource.attributes)["service.name"]
        for scope in of_process.scope_spans:
            for span in scope.spans:
                yield Seen(
                    process=process,
                    name=span.name,
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    kind=span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                    facts=_facts(span.attributes),
                    events=len(span.events),
                    text=str(span),
                )


def _facts(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
