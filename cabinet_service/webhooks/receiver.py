"""One request to an address that a partner named: bounded in time and size, to the public internet alone."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import httpx

from service_kit.outgoing import AddressRefused, public_client

PORTS: Final = (443, 8443)
"""Those that an address may name. Another one may be a service that takes a request for something else."""
TIMEOUT: Final = timedelta(seconds=10)
"""From the first packet to the last byte of the answer."""
MOST_READ: Final = 16 * 1024
MOST_KEPT: Final = 4 * 1024
"""Bytes of an answer's body that are read at most, and characters that are kept."""
MOST_CONNECTIONS: Final = 256
_MOST_ERROR: Final = 300
_REDIRECTS: Final = range(300, 400)
_SECONDS: Final = re.compile(r"[0-9]{1,7}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a status and the beginning of its body; or why nothing did."""

    status: int | None = None
    body: str | None = None
    error: str | None = None
    retry_after: timedelta = timedelta()


@asynccontextmanager
async def open_client(*, is_development: bool) -> AsyncGenerator[httpx.AsyncClient]:
    """A client for all addresses. No connection serves twice: it belongs to the name that it was opened for."""
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=0)
    async with public_client(is_development=is_development, ports=PORTS, limits=limits) as client:
        yield client


async def post(client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it and hear what comes back, whatever that is. Raises nothing that the other side can cause."""
    own = {
        "Content-Type": "application/json",
        "User-Agent": "Autodetective-Webhooks/1",
        "Accept-Encoding": "identity",  # nothing that unpacks to more than was sent
    }
    try:
        async with (
            asyncio.timeout(TIMEOUT.total_seconds()),
            client.stream("POST", url, content=body, headers=own | headers) as answer,
        ):
            return await _read(answer)
    except TimeoutError:
        return Answer(error=f"no answer within {TIMEOUT.total_seconds():.0f} s")
    except AddressRefused as refusal:
        return Answer(error=f"the address is refused: {refusal}"[:_MOST_ERROR])
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
        return Answer(error=(str(error) or repr(error)).replace("\0", "")[:_MOST_ERROR])


async def _read(answer: httpx.Response) -> Answer:
    read = bytearray()
    async for chunk in answer.aiter_raw():
        read += chunk
        if len(read) >= MOST_READ:
            break
    status = answer.status_code
    return Answer(
        status=status,
        body=bytes(read).decode("utf-8", "replace").replace("\0", "\ufffd")[:MOST_KEPT],
        error="redirects are not followed" if status in _REDIRECTS else None,
        retry_after=_retry_after(answer),
    )


def _retry_after(answer: httpx.Response) -> timedelta:
    """What a receiver that is busy asks for, in seconds; a date is not read."""
    said = answer.headers.get("Retry-After", "")
    is_busy = answer.status_code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return timedelta(seconds=int(said)) if is_busy and _SECONDS.fullmatch(said) else timedelta()
