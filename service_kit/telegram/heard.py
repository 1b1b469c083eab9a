"""What somebody said in a chat, as far as the bot understands it. Pure, out of what Telegram tells."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import structlog
from telegram import Message, Update, User

from service_kit.chats.heard import Heard, Press, Sent
from service_kit.chats.saying import Language
from service_kit.chats.tables import MAX_DEVICE

log = structlog.get_logger(__name__)

# Telegram hands a bot no more, whatever the file says.
MAX_FILE_BYTES: Final = 20 * 1024 * 1024


def understood(bodies: Sequence[dict[str, Any]]) -> Heard | None:
    """The same, where Telegram may tell something that nobody has foreseen: that needs no answer either."""
    try:
        return hear(bodies)
    except (KeyError, TypeError, ValueError, AttributeError):
        log.exception("telegram_update_not_understood")
        return None


def hear(bodies: Sequence[dict[str, Any]]) -> Heard | None:
    """What an update says, or all those of an album together; None for what needs no answer."""
    heard = [one for one in map(_one, bodies) if one is not None]
    if not heard:
        return None
    # Of an album only one part has words, and a file among its photos is none the worse for it.
    said = next((one.text for one in heard if one.text), "")
    other = next((one.other for one in heard if one.other), "")
    photos = [photo for one in heard for photo in one.photos]
    return replace(heard[0], photos=photos, text=said, other="" if photos else other)


def _one(body: dict[str, Any]) -> Heard | None:
    update = Update.de_json(body, None)
    if update.my_chat_member is not None:
        gone = update.my_chat_member.new_chat_member.status in ("kicked", "left")
        return Heard(has_left=True) if gone else None
    query, message = update.callback_query, update.message
    if query is not None and query.message is not None:
        verb, _, rest = (query.data or "").partition(":")
        press = Press(query.id, verb, rest, query.message.message_id)
        return Heard(query.message.chat.type == "private", **_of(query.from_user), press=press)
    if message is None:
        return None
    photos = _photos(message)
    return Heard(
        message.chat.type == "private",
        **_of(message.from_user),
        text=(message.text or message.caption or "").strip(),
        photos=photos,
        album=message.media_group_id,
        other="" if photos or message.text else _other(message),
    )


def _of(user: User | None) -> dict[str, Any]:
    if user is None:
        return {}
    name = f"@{user.username}" if user.username else user.full_name
    language: Language = "ru" if (user.language_code or "ru").startswith(("ru", "be", "uk", "kk")) else "en"
    return {"device": name[:MAX_DEVICE], "language": language}


def _photos(message: Message) -> list[Sent]:
    if message.photo:
        largest = message.photo[-1]
        return [Sent(largest.file_id, largest.file_unique_id, largest.file_size or 0, is_file=False)]
    file = message.document
    # What kind of file it is, its content says: by their names some phones send photos as anything.
    if file is not None and message.animation is None:
        return [Sent(file.file_id, file.file_unique_id, file.file_size or 0, is_file=True)]
    return []


def _other(message: Message) -> str:
    if message.voice or message.audio or message.video_note:
        return "voice"
    if message.video or message.animation:
        return "video"
    if message.location or message.venue:
        return "location"
    return "other"
