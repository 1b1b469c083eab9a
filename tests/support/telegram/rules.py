"""What Telegram refuses in a message, in the words in which it does."""

import json
import re
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_CALLBACK_BYTES: Final = 64
MAX_CALLBACK_ANSWER: Final = 200
MAX_DOWNLOAD: Final = 20 * 1024 * 1024
_TAGS: Final = frozenset({"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"})
_ENTITY: Final = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
_LOOSE: Final = re.compile(r"<(?!/?[a-z])")


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its name
        if tag not in _TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad(f'can\'t parse entities: Unmatched end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def plain(text: str, parse_mode: str | None) -> str:
    """What is shown of a text."""
    if parse_mode is None:
        return text
    if parse_mode != "HTML":
        raise bad("unsupported parse_mode")
    if _ENTITY.search(text) or _LOOSE.search(text):
        raise bad("can't parse entities: an unescaped character")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise bad(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{reader.open[-1]}\""
        )
    return "".join(reader.text)


def length(text: str) -> int:
    """As Telegram counts: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def message_text(given: dict[str, str], name: str = "text", most: int = MAX_TEXT) -> str:
    shown = plain(given.get(name, ""), given.get("parse_mode"))
    if not shown.strip() and name == "text":
        raise bad("message text is empty")
    if length(shown) > most:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return shown


def keyboard(given: dict[str, str]) -> list[list[dict[str, Any]]]:
    markup = json.loads(given.get("reply_markup") or "{}")
    rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not str(button.get("text", "")).strip():
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if "url" in button:
            parts = urlsplit(str(button["url"]))
            if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
                raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        elif not 1 <= len(str(button.get("callback_data", "")).encode()) <= MAX_CALLBACK_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    return rows
