"""Short messages to phones, over the HTTP of whoever delivers them.

Every provider has a dialect of its own, so we speak one and document it: for a small gateway in between, or a
provider that takes it as it is. The request is

    POST <CABINET_SMS_URL>
    Authorization: Bearer <CABINET_SMS_TOKEN>
    Idempotency-Key: <the message's id: the same again when it is sent again>
    Content-Type: application/json

    {"id": "<the same id>", "to": "+79211234567", "text": "…"}

and any 2xx says that it was taken; the JSON in the answer may have an `id` of the provider's. 429 and 503 may say
`Retry-After` in seconds. 400, 404 and 422 say that this number takes nothing; every other answer that we are not
let in, or that nobody is there.
"""

from http import HTTPStatus
from typing import Final

import httpx

from service_kit.notifying.channels import (
    AnswerLost,
    ChannelAway,
    Message,
    MessageDeferred,
    MessageUndeliverable,
)

TIMEOUT: Final = httpx.Timeout(15, connect=5)
_MAX_REFERENCE: Final = 64
_NOT_THIS_NUMBER: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
)
_LATER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class SmsGateway:
    """A Channel: the short form of each message."""

    def __init__(self, url: str, token: str, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.AsyncClient(timeout=timeout)

    async def send(self, message: Message) -> str | None:
        name = str(message.message_id)
        body = {"id": name, "to": message.to, "text": message.wording.short}
        try:
            answer = await self._client.post(
                self._url, json=body, headers={**self._headers, "Idempotency-Key": name}
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ChannelAway(repr(error)) from error
        except httpx.HTTPError as error:
            raise AnswerLost(repr(error)) from error
        if answer.is_success:
            return _reference(answer)
        raise _verdict(answer)

    async def close(self) -> None:
        await self._client.aclose()


def _reference(answer: httpx.Response) -> str | None:
    try:
        said = answer.json()["id"]
    except (ValueError, KeyError, TypeError):
        return None
    return str(said)[:_MAX_REFERENCE]


def _verdict(answer: httpx.Response) -> Exception:
    said = f"{answer.status_code} {answer.text[:200]}"
    wait = answer.headers.get("Retry-After", "")
    retry_after = float(wait) if wait.isdecimal() else None
    if answer.status_code in _NOT_THIS_NUMBER:
        return MessageUndeliverable(said)
    if answer.status_code in _LATER:
        return MessageDeferred(said, retry_after=retry_after)
    return ChannelAway(said, retry_after=retry_after)
