"""The Bot API by python-telegram-bot, which fails in the words of our port of channels."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, NoReturn

import httpx
import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from service_kit.chats.bot import Menu
from service_kit.chats.saying import Button, Saying
from service_kit.notifying.channels import AnswerLost, ChannelAway, MessageUndeliverable

log = structlog.get_logger(__name__)

TIMEOUT: Final = 10.0
CONNECT_TIMEOUT: Final = 5.0
POLL_SECONDS: Final = 25
CONNECTIONS: Final = 16
# Photos, and what is said with them; nobody needs to be told that somebody joined a group.
UPDATES: Final = ("message", "callback_query", "my_chat_member")
_NEVER_THERE: Final = ("chat not found", "user is deactivated", "bot was kicked", "user_id_invalid")
_GONE: Final = ("message to edit not found", "message can't be edited")
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class FileTooBig(Exception):
    """Telegram hands no file of more than 20 MB to a bot."""


class MessageGone(Exception):
    """The message that was to be changed is no longer there, or too old for it."""


class TelegramBot:
    """A Bot. Nothing connects before it is used; `close` ends what was opened."""

    def __init__(self, token: str, *, api_url: str, timeout: float = TIMEOUT) -> None:
        def request(seconds: float, connections: int) -> HTTPXRequest:
            return HTTPXRequest(
                connection_pool_size=connections,
                connect_timeout=CONNECT_TIMEOUT,
                read_timeout=seconds,
                write_timeout=seconds,
                pool_timeout=seconds,
            )

        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=request(timeout, CONNECTIONS),
            get_updates_request=request(timeout, 1),
        )
        self._requests = self._bot._request  # pyright: ignore[reportPrivateUsage] - initialize() would call getMe  # noqa: SLF001

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    async def say(self, chat_id: int, saying: Saying) -> int:
        """Say it in the chat; returns the message's id there. Raises what `Channel.send` does."""
        with _told():
            said = await self._bot.send_message(
                chat_id,
                saying.html,
                parse_mode="HTML",
                reply_markup=_keyboard(saying.buttons),
                disable_notification=saying.is_silent,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        return said.message_id

    async def answer(self, chat_id: int, saying: Saying) -> None:
        """Say it, or let the message say it that it edits; and let the button rest whose press it answers."""
        if saying.answers is not None:
            await self.answer_press(saying.answers, saying.toast)
        if not saying.html:
            return
        if saying.edits is not None:
            try:
                await self.edit(chat_id, saying.edits, saying)
            except MessageGone:
                pass
            else:
                return
        await self.say(chat_id, saying)

    async def edit(self, chat_id: int, message_id: int, saying: Saying) -> None:
        """Let a message say this. One that says it already stays. Raises MessageGone, and the same."""
        try:
            with _told():
                await self._bot.edit_message_text(
                    saying.html,
                    chat_id,
                    message_id,
                    parse_mode="HTML",
                    reply_markup=_keyboard(saying.buttons),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
        except MessageUndeliverable as error:
            said = str(error).lower()
            if "message is not modified" in said:
                return
            if any(reason in said for reason in _GONE):
                raise MessageGone from error
            raise

    async def answer_press(self, query_id: str, toast: str = "") -> None:
        """Let the button rest that was pressed. That it was pressed too long ago is no error."""
        try:
            with _told():
                await self._bot.answer_callback_query(query_id, toast or None)
        except MessageUndeliverable as error:
            log.info("press_not_answered", error=str(error))

    async def download(self, file_id: str) -> bytes:
        """Raises FileTooBig, MessageUndeliverable if there is no such file, or ChannelAway."""
        try:
            with _told():
                file = await self._bot.get_file(file_id)
                return bytes(await file.download_as_bytearray())
        except MessageUndeliverable as error:
            if "file is too big" in str(error).lower():
                raise FileTooBig from error
            raise

    async def updates(
        self, after: int | None, *, seconds: int = POLL_SECONDS
    ) -> tuple[list[dict[str, Any]], int | None]:
        """What came after that update, as soon as there is something, at most a hundred. Raises ChannelAway."""
        with _told():
            found = await self._bot.get_updates(
                offset=None if after is None else after + 1, timeout=seconds, allowed_updates=UPDATES
            )
        return [update.to_dict() for update in found], max((one.update_id for one in found), default=after)

    async def come_by_webhook(self, url: str, *, secret: str) -> None:
        """One at a time, for they are answered in order."""
        with _told():
            await self._bot.set_webhook(url, secret_token=secret, max_connections=1, allowed_updates=UPDATES)

    async def come_by_polling(self) -> None:
        with _told():
            await self._bot.delete_webhook()

    async def offer(self, menu: Menu) -> None:
        """What the menu shows, by language; the empty one is for all others."""
        for language, offered in menu.items():
            with _told():
                await self._bot.set_my_commands(offered, language_code=language or None)


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(one) for one in row] for row in rows])


def _button(one: Button) -> InlineKeyboardButton:
    if one.url:
        return InlineKeyboardButton(one.label, url=one.url)
    return InlineKeyboardButton(one.label, callback_data=one.data)


@contextmanager
def _told() -> Generator[None]:
    """What the library raises, told as channels tell it. Where a token is refused, its own words hold that."""
    try:
        yield
    except Forbidden as error:
        raise MessageUndeliverable(error.message, is_dead=True) from None
    except BadRequest as error:
        is_dead = any(reason in error.message.lower() for reason in _NEVER_THERE)
        raise MessageUndeliverable(error.message, is_dead=is_dead) from None
    except ChatMigrated as error:
        raise MessageUndeliverable(error.message, is_dead=True) from None
    except RetryAfter as error:
        # Whoever goes on writing while the flood is being held off is held off for longer: so everything rests.
        raise ChannelAway("Telegram asks for a rest", retry_after=_seconds(error)) from None
    except InvalidToken:
        raise ChannelAway("Telegram does not take the bot's token") from None
    except TelegramError as error:
        _away(error)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after  # a number today, a timedelta in some later release
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _away(error: TelegramError) -> NoReturn:
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NOT_SENT):
        raise AnswerLost(f"Telegram: {type(cause).__name__}") from None
    reason = type(cause).__name__ if isinstance(cause, httpx.HTTPError) else error.message
    raise ChannelAway(f"Telegram: {reason}") from None
