"""Traces: what one request sets in motion, in whichever process and service, as spans of one trace.

Off unless a collector is named (`OTLP_URL`). Then nothing of OpenTelemetry is imported, and each call here does
nothing: `recording` is what is behind it, and `entry` starts it.

A span says what was done and how it ended, in our own words and numbers: the template of a route, the name of an
event. Never a path, a query, an address or the text of an error, in which contacts and secrets stand.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum, auto
from typing import Final, Protocol

Fact = str | int


class Kind(Enum):
    """What a span is to those around it, in OpenTelemetry's words."""

    SERVER = auto()
    CLIENT = auto()
    PRODUCER = auto()
    CONSUMER = auto()


class Span(Protocol):
    """Something that is being done."""

    def name(self, name: str) -> None:
        """Call it something better than was known when it began."""
        ...

    def note(self, fact: str, value: Fact) -> None: ...

    def fail(self, kind: str) -> None:
        """It did not work: `kind` is a status or the class of an error."""
        ...

    def end(self) -> None:
        """It is over before its block is."""
        ...


class Tracer(Protocol):
    """What records spans."""

    def part(self, name: str, kind: Kind) -> AbstractContextManager[Span]: ...

    def continued(self, traceparent: str | None, name: str, kind: Kind) -> AbstractContextManager[Span]: ...

    def traceparent(self) -> str | None: ...

    def trace_id(self) -> str | None: ...


class _Nothing:
    def name(self, name: str) -> None: ...
    def note(self, fact: str, value: Fact) -> None: ...
    def fail(self, kind: str) -> None: ...
    def end(self) -> None: ...


_NOTHING: Final[AbstractContextManager[Span]] = nullcontext(_Nothing())


class _Off:
    def part(self, name: str, kind: Kind) -> AbstractContextManager[Span]:
        del name, kind
        return _NOTHING

    def continued(self, traceparent: str | None, name: str, kind: Kind) -> AbstractContextManager[Span]:
        del traceparent, name, kind
        return _NOTHING

    def traceparent(self) -> str | None:
        return None

    def trace_id(self) -> str | None:
        return None


_tracer: Tracer = _Off()


@contextmanager
def recorded_by(tracer: Tracer) -> Generator[None]:
    """All that this process does meanwhile is recorded."""
    global _tracer  # noqa: PLW0603 - of a process, as its log is
    before, _tracer = _tracer, tracer
    try:
        yield
    finally:
        _tracer = before


def part(name: str, kind: Kind) -> AbstractContextManager[Span]:
    """A part of what is being done. An error that comes out of the block is noted by its class."""
    return _tracer.part(name, kind)


def continued(traceparent: str | None, name: str, kind: Kind) -> AbstractContextManager[Span]:
    """What goes on with a trace that began elsewhere; with None, or what is no traceparent, a trace of its own.

    Whoever began it decided whether it is recorded, so `traceparent` has to come from somebody who is trusted.
    """
    return _tracer.continued(traceparent, name, kind)


def traceparent() -> str | None:
    """How another process goes on with this trace, as W3C Trace Context has it; None where there is none."""
    return _tracer.traceparent()


def trace_id() -> str | None:
    """Under which id this is found where traces are looked at; None for what is not recorded."""
    return _tracer.trace_id()
