"""Sending spans by OTLP over HTTP: OpenTelemetry's exporter, without its noise and what it believes unasked."""

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

import requests  # what the exporter is made of
from opentelemetry.exporter.otlp.proto.http import trace_exporter
from opentelemetry.sdk.trace.export import SpanExporter

SAID_AGAIN_AFTER: Final = 600.0


@contextmanager
def exporter_to(url: str) -> Generator[SpanExporter]:
    """What sends to the collector at `url`. That it cannot is logged meanwhile, once in ten minutes."""
    log, seldom = logging.getLogger(trace_exporter.__name__), _Seldom()
    level = log.level
    log.setLevel(logging.ERROR)  # without its word on each attempt
    log.addFilter(seldom)
    try:
        yield trace_exporter.OTLPSpanExporter(endpoint=f"{url}/v1/traces", session=_session())
    finally:
        log.removeFilter(seldom)
        log.setLevel(level)


def _session() -> requests.Session:
    """Past any proxy and password that the environment may name, as `peer_client` is."""
    session = requests.Session()
    session.trust_env = False
    session.hooks["response"].append(_refuse_redirect)
    return session


def _refuse_redirect(answer: requests.Response, **_: object) -> None:
    """The exporter follows none, and would take it for success."""
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status_code < HTTPStatus.BAD_REQUEST:
        raise requests.RequestException(f"redirected ({answer.status_code})")


class _Seldom(logging.Filter):
    """Lets one line through, and the next when it is time to say so again."""

    _next_at = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        del record
        now = time.monotonic()
        if now < self._next_at:
            return False
        self._next_at = now + SAID_AGAIN_AFTER
        return True
