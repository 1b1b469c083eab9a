"""Structured logs, and the correlation id that ties together everything one request sets in motion."""

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from service_kit import masking, tracing
from service_kit.ids import new_id

# In which header the id goes from one process to the next.
CORRELATION_HEADER: Final = "x-correlation-id"

correlation_id: Final[ContextVar[str]] = ContextVar("correlation_id", default="")
# Of the message at work: how it ended is logged when its span is over.
_trace_id: Final[ContextVar[str | None]] = ContextVar("trace_id", default=None)

# Values under these keys never reach a log, whoever passes them.
SECRET_KEYS: Final = frozenset(
    {"password", "code", "token", "authorization", "cookie", "secret", "client_secret", "signature"}
)


def current_correlation_id() -> str:
    """The id of the request or message at work; a new one where there is none (a timer, a command)."""
    return correlation_id.get() or str(new_id())


@contextmanager
def correlated(value: str) -> Generator[None]:
    """What is logged and answered meanwhile belongs to this id, or to what `belong_to` names meanwhile."""
    before, trace_before = correlation_id.set(value), _trace_id.set(None)
    try:
        yield
    finally:
        _trace_id.reset(trace_before)
        correlation_id.reset(before)


def belong_to(value: str) -> None:
    """What this task logs from now on belongs to this id and to the trace it is in now, also after its span."""
    correlation_id.set(value)
    _trace_id.set(tracing.trace_id())


def configure(*, service: str, process: str, style: Literal["console", "json"]) -> None:
    """Send this process's logs, and those of its libraries, to stdout."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_ids,
        _mask_secrets,
        structlog.processors.StackInfoRenderer(),
    ]
    renderer = (
        [_console_renderer(), _mask_text]
        if style == "console"
        else [_json_tracebacks(), _mask_values, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("uvicorn.access", "httpx", "aiormq", "aio_pika"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service, process=process)


def _console_renderer() -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _json_tracebacks() -> Processor:
    # Without the local variables: among them are tokens, contacts and what clients wrote.
    return structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    )


def add_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Says in each line what it belongs to."""
    if value := correlation_id.get():
        event["correlation_id"] = value
    if trace := tracing.trace_id() or _trace_id.get():
        event["trace_id"] = trace
    return event


def _mask_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: masking.masked_in(value) for name, value in event.items()}


def _mask_text(_logger: WrappedLogger, _method: str, rendered: Any) -> str:
    return masking.masked(rendered)


def _mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key in event.keys() & SECRET_KEYS:
        event[key] = "***"
    return event
