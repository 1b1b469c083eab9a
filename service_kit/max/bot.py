"""The Bot API of MAX over httpx, which fails in the words of our port of channels."""

import ssl
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NoReturn, cast

import httpx
import structlog

from service_kit.chats.saying import Button, Saying
from service_kit.max.messenger import UPDATES
from service_kit.max.objects import Json, object_in, objects_in, text_in
from service_kit.notifying.channels import AnswerLost, ChannelAway, MessageUndeliverable

log = structlog.get_logger(__name__)

TIMEOUT: Final = 10.0
CONNECT_TIMEOUT: Final = 5.0
POLL_SECONDS: Final = 25
FETCHED_AT_ONCE: Final = 100
LONGEST_REST: Final = 3600.0
_REST: Final = 1.0
_MAX_REFERENCE: Final = 64
_MAX_REASON: Final = 200
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# The person has stopped the bot, or never talked to it; what the code leaves open, the message says.
_DEAD: Final = frozenset({"chat.denied", "chat.not.found", "dialog.not.found", "user.not.found"})
_DEAD_WORDS: Final = ("error.dialog.suspended", "error.dialog.notfound", "dialog.not.found")
_TOKEN: Final = "verify.token"  # noqa: S105 - a code of MAX's
_TOO_MANY: Final = "too.many.requests"


class MaxBot:
    """A Bot. Nothing connects before it is used; `close` ends what was opened.

    `ca_file` has who signs the certificate of the API, where no authority of the machine does.
    """

    def __init__(
        self, token: str, *, api_url: str, ca_file: Path | None = None, timeout: float = TIMEOUT
    ) -> None:
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            base_url=api_url,
            headers={"Authorization": token},
            timeout=httpx.Timeout(timeout, connect=CONNECT_TIMEOUT),
            verify=_trusting(ca_file) if ca_file else True,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def say(self, chat_id: int, saying: Saying) -> str:
        """Say it in the chat; returns the message's id there. Raises what `Channel.send` does."""
        to = {"user_id": chat_id} if chat_id > 0 else {"chat_id": chat_id}
        said = await self._call("POST", "/messages", to, _message(saying))
        return text_in(object_in(object_in(said, "message"), "body"), "mid")[:_MAX_REFERENCE]

    async def answer(self, chat_id: int, saying: Saying) -> None:
        """Say it; what answers the press of a button takes the place of the message with that button."""
        if saying.answers is not None and await self._answer_press(saying.answers, saying):
            return
        if saying.html:
            await self.say(chat_id, saying)

    async def updates(
        self, after: int | None, *, seconds: int = POLL_SECONDS
    ) -> tuple[Sequence[dict[str, Any]], int | None]:
        """What came since MAX said `after`, as soon as there is something, and what to say next."""
        asked = {"limit": FETCHED_AT_ONCE, "timeout": seconds, "types": ",".join(UPDATES)}
        marked = {} if after is None else {"marker": after}
        told = await self._call("GET", "/updates", asked | marked, seconds=seconds)
        marker = told.get("marker")
        return objects_in(told, "updates"), marker if isinstance(marker, int) else after

    async def come_by_webhook(self, url: str, *, secret: str) -> None:
        await self._leave_webhooks(but=url)
        wanted = {"url": url, "secret": secret, "update_types": list(UPDATES)}
        await self._call("POST", "/subscriptions", {}, wanted)

    async def come_by_polling(self) -> None:
        await self._leave_webhooks()

    async def _leave_webhooks(self, *, but: str = "") -> None:
        told = await self._call("GET", "/subscriptions")
        for url in (text_in(one, "url") for one in objects_in(told, "subscriptions")):
            if url and url != but:
                await self._call("DELETE", "/subscriptions", {"url": url})

    async def _answer_press(self, callback_id: str, saying: Saying) -> bool:
        """Whether nothing is left to say. That a button was pressed too long ago is no error."""
        if not (saying.html or saying.toast):
            return True
        answer = {"message": _message(saying)} if saying.html else {"notification": saying.toast}
        try:
            await self._call("POST", "/answers", {"callback_id": callback_id}, answer)
        except MessageUndeliverable as error:
            log.info("press_not_answered", error=str(error))
            return False
        return True

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Json | None = None,
        *,
        seconds: float = 0,
    ) -> Json:
        timeout = httpx.Timeout(self._timeout + seconds, connect=CONNECT_TIMEOUT)
        try:
            answer = await self._client.request(method, path, params=query, json=body, timeout=timeout)
        except _NOT_SENT as error:
            raise ChannelAway(f"MAX: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise AnswerLost(f"MAX: {type(error).__name__}") from None
        told = _told(answer)
        if not answer.is_success or told.get("success") is False:
            _refuse(answer, told)
        return told


def _trusting(ca_file: Path) -> ssl.SSLContext:
    """Whom the machine trusts, and the one more."""
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    return context


def _message(saying: Saying) -> dict[str, Any]:
    rows = [[_button(one) for one in row] for row in saying.buttons]
    keyboard = {"type": "inline_keyboard", "payload": {"buttons": rows}}
    return {
        "text": saying.html,
        "format": "html",
        "notify": not saying.is_silent,
        "attachments": [keyboard] if rows else [],
        "link": None,
    }


def _button(one: Button) -> dict[str, str]:
    if one.url:
        return {"type": "link", "text": one.label, "url": one.url}
    return {"type": "callback", "text": one.label, "payload": one.data}


def _told(answer: httpx.Response) -> Json:
    try:
        told: object = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        return cast("Json", told)
    if answer.is_success:
        raise AnswerLost("MAX: an answer that is no JSON object")
    return {}


def _refuse(answer: httpx.Response, told: Json) -> NoReturn:
    """What MAX says no by. Whoever is before it says no without a code: then it was not MAX."""
    status, code, words = answer.status_code, text_in(told, "code"), text_in(told, "message")
    if status == HTTPStatus.UNAUTHORIZED or code == _TOKEN:
        raise ChannelAway("MAX does not take the bot's token")
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == _TOO_MANY:
        # Whoever goes on writing is held off for longer: so everything rests.
        raise ChannelAway("MAX asks for a rest", retry_after=_seconds(answer) or _REST)
    reason = f"MAX: {status} {code} {words}"[:_MAX_REASON].strip()
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        raise AnswerLost(reason)
    if answer.is_server_error or not (code or words):
        raise ChannelAway(reason, retry_after=_seconds(answer))
    is_dead = code in _DEAD or any(word in words for word in _DEAD_WORDS)
    raise MessageUndeliverable(reason, is_dead=is_dead)


def _seconds(answer: httpx.Response) -> float | None:
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), LONGEST_REST) if asked.isascii() and asked.isdecimal() else None
