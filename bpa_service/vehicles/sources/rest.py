"""A source over HTTP, asked and read as its mapping says: its answers are believed only as far as they agree."""

import json
from collections.abc import Mapping as MappingOf
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import quote

import httpx

from bpa_service.vehicles.mappings.answers import Answer, nothing, read_answer
from bpa_service.vehicles.mappings.files import shapes_of
from bpa_service.vehicles.mappings.spec import Asking, Mapping
from bpa_service.vehicles.reading.documents import is_too_deep
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.sources.connector import Facts, SourceFailed, facts_of
from service_kit.outgoing import AddressRefused
from shared_schemas.records import CoverageState

MOST_ANSWER_BYTES: Final = 8 * 2**20
# "Not now", and when, if the source says it.
_LATER: Final = {429: "too_many_questions", 503: "unavailable"}
_MOST_WAIT: Final = timedelta(seconds=30)
_HTML_BEGINS: Final = (b"<!doctype", b"<html", b"<head", b"<body")


class RestSource:
    """Asks by `client`, in production that of `service_kit.outgoing`, which reaches no network of ours.

    `headers` are what signs us in at the source; they stand in no mapping and no log.
    """

    def __init__(
        self, mapping: Mapping, client: httpx.AsyncClient, headers: MappingOf[str, str] | None = None
    ) -> None:
        self.mapping: Mapping = mapping
        self.facts: Facts = facts_of(mapping)
        self._asking = cast("Asking", mapping.asking)
        self._client = client
        self._headers = {"Accept": "application/json", **(headers or {})}

    async def ask(self, about: Identifier, *, now: datetime) -> Answer:
        """Ask once. Raises `SourceFailed`, whatever the network or the source does."""
        try:
            async with self._client.stream(**self._request(about)) as response:
                if (instead := self._by_status(response, now)) is not None:
                    return instead
                body = await _body(response)
        except AddressRefused as error:
            raise SourceFailed("address_refused") from error
        except httpx.TimeoutException as error:
            raise SourceFailed("time_out", again=True) from error
        except httpx.RemoteProtocolError as error:  # less than its Content-Length, or no HTTP at all
            raise SourceFailed("answer_cut_off", again=True) from error
        except httpx.DecodingError as error:
            raise SourceFailed("answer_damaged", again=True) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise SourceFailed("unreachable", again=True) from error
        shapes = shapes_of(self.mapping, now)
        return read_answer(_documents(body), self.mapping, shapes, about, now)

    def _request(self, about: Identifier) -> dict[str, Any]:
        asking = self._asking
        url = asking.url.replace(f"{{{about.name}}}", quote(about.value, safe=""))
        if asking.body is None:
            return {"method": "GET", "url": url, "headers": self._headers}
        body = {name: text.replace(f"{{{about.name}}}", about.value) for name, text in asking.body.items()}
        return {"method": "POST", "url": url, "headers": self._headers, "json": body}

    def _by_status(self, response: httpx.Response, now: datetime) -> Answer | None:
        status = response.status_code
        if status in self._asking.empty:
            return nothing(self.mapping, CoverageState.EMPTY, asked_at=now)
        if status in self._asking.running:
            return nothing(self.mapping, CoverageState.RUNNING, asked_at=now)
        if (reason := _LATER.get(status)) is not None:
            raise SourceFailed(reason, again=True, wait=_wait(response))
        if response.is_server_error:
            raise SourceFailed("server_error", again=True)
        if status in {401, 403, 407}:
            raise SourceFailed("not_allowed")
        if not response.is_success:
            raise SourceFailed(f"status_{status}")
        return None


def _wait(response: httpx.Response) -> timedelta | None:
    text = response.headers.get("Retry-After", "")
    return min(timedelta(seconds=int(text[:6])), _MOST_WAIT) if text.isdecimal() and text.isascii() else None


async def _body(response: httpx.Response) -> bytes:
    """The body, unpacked and counted as it comes: what a header says of its length proves nothing."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > MOST_ANSWER_BYTES:
            raise SourceFailed("answer_too_large")
    return bytes(body)


def _documents(body: bytes) -> list[dict[str, Any]]:
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise SourceFailed("answer_empty", again=True)
    if text[:20].lower().startswith(_HTML_BEGINS):
        raise SourceFailed("html_instead_of_data", again=True)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceFailed("answer_malformed", again=True) from error
    documents = cast("list[Any]", read) if isinstance(read, list) else [read]
    if not all(isinstance(one, dict) and not is_too_deep(cast("object", one)) for one in documents):
        raise SourceFailed("answer_malformed")
    return cast("list[dict[str, Any]]", documents)
