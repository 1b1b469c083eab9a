"""What MAX refuses in a message, by the codes that it gives."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from tests.support.telegram import rules as telegram

MAX_TEXT: Final = 4000
MAX_PAYLOAD: Final = 1024
MAX_URL: Final = 2048
MAX_LABEL: Final = 128
MAX_ROWS: Final = 30
MAX_IN_ROW: Final = 7
MAX_LINKS_IN_ROW: Final = 3
SECRET: Final = re.compile(r"[\w-]{5,256}", re.ASCII)
Json = dict[str, Any]


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad(message: str) -> Refused:
    return Refused(400, "proto.payload", message)


def shown(body: Json) -> str:
    """What is shown of a message's text."""
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad("text: must not be empty")
    if len(text) > MAX_TEXT:
        raise bad(f"text: size must be between 0 and {MAX_TEXT}")
    if not isinstance(body.get("notify", True), bool):
        raise bad("notify: must be a boolean")
    if body.get("format") != "html":
        return text
    try:
        return telegram.plain(text, "HTML")
    except telegram.Refused as error:
        raise bad(str(error)) from None


def keyboard(body: Json) -> list[list[Json]]:
    """The buttons of the one keyboard that a message may have."""
    attachments: list[Json] = body.get("attachments") or []
    rows: list[list[Json]] = []
    for attachment in attachments:
        if attachment.get("type") != "inline_keyboard":
            raise bad(f"attachments: {attachment.get('type')}")
        rows = attachment["payload"]["buttons"]
        if not 1 <= len(rows) <= MAX_ROWS:
            raise bad("buttons: rows")
    for row in rows:
        links = sum(button.get("type") == "link" for button in row)
        if not 1 <= len(row) <= MAX_IN_ROW or links > MAX_LINKS_IN_ROW:
            raise bad("buttons: too many in a row")
        for button in row:
            _check(button)
    return rows


def _check(button: Json) -> None:
    label, kind = str(button.get("text", "")), button.get("type")
    if not 1 <= len(label) <= MAX_LABEL:
        raise bad("button: text")
    if kind == "link":
        address = str(button["url"])
        url = urlsplit(address)
        if url.scheme not in {"http", "https"} or not url.hostname or len(address) > MAX_URL:
            raise bad("button: url")
    elif kind != "callback" or not 1 <= len(str(button["payload"])) <= MAX_PAYLOAD:
        raise bad(f"button: {kind}")
