"""What somebody said in a chat of MAX, as far as the bot understands it. Pure, out of what MAX tells."""

from collections.abc import Mapping
from typing import Any, Final

from service_kit.chats.heard import Heard, Press
from service_kit.chats.saying import Language
from service_kit.chats.tables import MAX_DEVICE
from service_kit.max.messenger import LEAVING, STARTED, is_private, person_in
from service_kit.max.objects import Json, object_in, objects_in, text_in

_PHOTOS: Final = frozenset({"image", "file", "video"})
_READ_IN_RUSSIAN: Final = ("ru", "be", "uk", "kk")


def hear(body: Mapping[str, Any]) -> Heard:
    """What an update says. Opening a link to the bot is the command /start with the token of the link."""
    kind, person = text_in(body, "update_type"), person_in(body)
    if kind in LEAVING:
        return Heard(has_left=True)
    said = object_in(object_in(body, "message"), "body")
    callback = object_in(body, "callback")
    text = f"/start {text_in(body, 'payload')}" if kind == STARTED else text_in(said, "text")
    return Heard(
        is_private(body),
        device=_name(person),
        language=_language(text_in(body, "user_locale")),
        text="" if callback else text.strip(),
        press=_press(callback),
        other="" if callback else _other(said),
    )


def _press(callback: Json) -> Press | None:
    if not callback:
        return None
    verb, _, rest = text_in(callback, "payload").partition(":")
    return Press(text_in(callback, "callback_id"), verb, rest, None)


def _other(said: Json) -> str:
    """A word for what is there beside text."""
    kinds = {text_in(one, "type") for one in objects_in(said, "attachments")}
    if not kinds:
        return ""
    return "photo" if kinds & _PHOTOS else "other"


def _name(person: Json) -> str:
    username = text_in(person, "username")
    whole = f"{text_in(person, 'first_name')} {text_in(person, 'last_name')}".strip()
    name = f"@{username}" if username else text_in(person, "name") or whole
    return name[:MAX_DEVICE]


def _language(locale: str) -> Language:
    return "ru" if (locale or "ru").startswith(_READ_IN_RUSSIAN) else "en"
