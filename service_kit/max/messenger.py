"""MAX, as every process knows it.

It gives its updates no numbers. So one is made of when it happened, and of what it is: that orders updates, and
one that is told again has the number that it had.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from service_kit.chats.messenger import Messenger, Place
from service_kit.max.objects import Json, number_in, object_in, text_in
from service_kit.notifying.channels import Manners

MAX_TEXT: Final = 4000
# Nobody needs to be told that somebody joined a group.
STARTED: Final = "bot_started"
LEAVING: Final = frozenset({"bot_stopped", "dialog_removed"})
UPDATES: Final = ("message_created", "message_callback", STARTED, *sorted(LEAVING))
_DIALOG: Final = "dialog"
_GROUP: Final = "chat"
_HASH_BITS: Final = 22
_LAST: Final = 1 << (63 - _HASH_BITS)  # in milliseconds: the year 2039


def is_private(body: Mapping[str, Any]) -> bool:
    """Whether it happened between a person and the bot, and not in a group."""
    recipient = object_in(object_in(body, "message"), "recipient")
    return not recipient or recipient.get("chat_type") == _DIALOG


def person_in(body: Mapping[str, Any]) -> Json:
    """Who did it: as MAX tells of a person."""
    callback = object_in(body, "callback")
    if callback:
        return object_in(callback, "user")
    return object_in(object_in(body, "message"), "sender") or object_in(body, "user")


def _place_of(body: Mapping[str, Any]) -> Place | None:
    """A dialog is known by the person's number; a group by its own, which is below zero."""
    kind, happened = text_in(body, "update_type"), number_in(body, "timestamp")
    person, message = person_in(body), object_in(body, "message")
    if kind not in UPDATES or not 0 < happened < _LAST or person.get("is_bot") is True:
        return None
    chat_id = number_in(person, "user_id")
    if not is_private(body):
        recipient = object_in(message, "recipient")
        chat_id = -number_in(recipient, "chat_id") if recipient.get("chat_type") == _GROUP else 0
    if not 0 < chat_id < 1 << 63:
        return None
    what = text_in(object_in(body, "callback"), "callback_id") or text_in(object_in(message, "body"), "mid")
    digest = hashlib.sha256(f"{kind} {chat_id} {what}".encode("utf-8", "replace")).digest()
    number = happened << _HASH_BITS | int.from_bytes(digest[:4]) >> (32 - _HASH_BITS)
    return Place(number, chat_id if is_private(body) else -chat_id)


MAX: Final = Messenger(
    name="max",
    title="MAX",
    # MAX takes 30 requests a second of a bot, and answers to what people write have to fit in as well.
    manners=Manners(at_once=8, a_second=20),
    links="https://max.ru/{bot}",
    secret_header="X-Max-Bot-Api-Secret",  # noqa: S106 - the name of it
    place_of=_place_of,
    polling_lock=7_215_005,
    answering_lock=7_215_006,
)
