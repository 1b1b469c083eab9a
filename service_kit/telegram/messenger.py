"""Telegram, as every process knows it: nothing here imports the library."""

from collections.abc import Mapping
from typing import Any, Final, cast

from service_kit.chats.messenger import Messenger, Place
from service_kit.notifying.channels import Manners

MAX_TEXT: Final = 4096
MAX_CALLBACK_BYTES: Final = 64


def _place_of(body: Mapping[str, Any]) -> Place | None:
    """The chat that an update is about, and the album that it belongs to."""
    message = _object(body.get("message")) or _object(_object(body.get("callback_query")).get("message"))
    chat = _object(message.get("chat")) or _object(_object(body.get("my_chat_member")).get("chat"))
    update_id, chat_id, album = body.get("update_id"), chat.get("id"), message.get("media_group_id")
    if not isinstance(update_id, int) or not isinstance(chat_id, int) or isinstance(chat_id, bool):
        return None
    if chat.get("type") == "channel":
        return None
    return Place(update_id, chat_id, str(album)[:64] if album is not None else None)


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


TELEGRAM: Final = Messenger(
    name="telegram",
    title="Telegram",
    # Telegram takes 30 a second of all that a bot says, and answers to what people write have to fit in as well.
    manners=Manners(at_once=8, a_second=25),
    links="https://t.me/{bot}",
    secret_header="X-Telegram-Bot-Api-Secret-Token",  # noqa: S106 - the name of it
    place_of=_place_of,
    polling_lock=7_215_004,
    answering_lock=7_215_003,
)
NAME: Final = TELEGRAM.name
