"""Signed REST calls to the other service."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from service_kit import logs
from service_kit.http.problems import NotFound, ProblemBody
from service_kit.signing import KeyRing

Body = TypeVar("Body", bound=BaseModel)
_CONNECTING: Final = 3.0


class PeerUnavailable(Exception):
    """The other service did not answer, or not with what the contract promises."""


class PeerRefused(Exception):
    """The other service has what was asked for, and does not give it out: `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PeerBusy(PeerUnavailable):
    """The other service says that it cannot now, and may later."""


class Peer:
    """The other service."""

    def __init__(self, base_url: str, keys: KeyRing, client: httpx.AsyncClient) -> None:
        self._base_url = base_url.rstrip("/")
        self._keys = keys
        self._client = client

    async def get(self, target: str, body: type[Body], *, seconds: float | None = None) -> Body:
        """GET `target` (path and query); what may take longer than others says how many `seconds`.

        For a 404 raises NotFound, or PeerRefused if it says more; PeerBusy for a 503; PeerUnavailable for
        anything else but 200.
        """
        timeout = httpx.USE_CLIENT_DEFAULT if seconds is None else httpx.Timeout(seconds, connect=_CONNECTING)
        headers = self._keys.request_headers("GET", target, b"", datetime.now(UTC))
        headers[logs.CORRELATION_HEADER] = logs.current_correlation_id()
        try:
            response = await self._client.get(f"{self._base_url}{target}", headers=headers, timeout=timeout)
            if response.status_code == HTTPStatus.NOT_FOUND:
                raise _refusal(response)
            if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                raise PeerBusy(f"GET {target}: 503")
            response.raise_for_status()
            return body.model_validate_json(response.content)
        except (httpx.HTTPError, ValidationError) as error:
            raise PeerUnavailable(f"GET {target}: {error!r}") from error

    async def download(self, target: str, *, most: int) -> bytes:
        """What is at `target`, a link that needs no signature of its own. Raises NotFound; PeerUnavailable, also
        for more than `most` bytes.
        """
        content = bytearray()
        try:
            async with self._client.stream("GET", f"{self._base_url}{target}") as response:
                if response.status_code == HTTPStatus.NOT_FOUND:
                    raise NotFound
                response.raise_for_status()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > most:
                        raise PeerUnavailable("a photo: more than was announced")
        except httpx.HTTPError as error:
            # The link is a secret, and stands in what httpx says.
            raise PeerUnavailable(f"a photo: {type(error).__name__}") from None
        return bytes(content)


def _refusal(response: httpx.Response) -> Exception:
    try:
        code = ProblemBody.model_validate_json(response.content).code
    except ValidationError:  # a proxy's page, say
        code = NotFound.code
    return NotFound() if code == NotFound.code else PeerRefused(code)
