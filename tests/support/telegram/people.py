"""People who chat with the bot."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.support.telegram.fake import FakeTelegram, Json, Said

PHOTO_SIDES: Final = (90, 320)


@dataclass(frozen=True)
class Person:
    """Somebody with Telegram on their phone, in one chat: with the bot alone unless `group` says otherwise."""

    telegram: FakeTelegram
    id: int
    first_name: str = "Anna"
    username: str | None = "anna"
    language_code: str = "ru"
    group: int | None = None

    def __post_init__(self) -> None:
        self.telegram.meet(self.chat)

    @property
    def chat(self) -> Json:
        if self.group is not None:
            return {"id": self.group, "type": "supergroup", "title": "Cars"}
        return {"id": self.id, "type": "private", **self._name}

    @property
    def _name(self) -> Json:
        named: Json = {"first_name": self.first_name}
        return named | ({"username": self.username} if self.username else {})

    @property
    def _from(self) -> Json:
        return {"id": self.id, "is_bot": False, "language_code": self.language_code, **self._name}

    @property
    def read(self) -> list[Said]:
        """What the bot has said in the chat."""
        return self.telegram.said(self.chat["id"])

    @property
    def texts(self) -> list[str]:
        return [said.text for said in self.read]

    def message(self, **content: Any) -> Json:
        """A message as it stands in an update."""
        said: Json = {
            "message_id": self.telegram.number(),
            "date": int(time.time()),
            "chat": self.chat,
            "from": self._from,
            **content,
        }
        if str(said.get("text", "")).startswith("/"):
            command = said["text"].split()[0]
            said["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return said

    def sends(self, **content: Any) -> Json:
        return self.telegram.update({"message": self.message(**content)})

    def writes(self, text: str) -> Json:
        return self.sends(text=text)

    def photo(self, content: bytes) -> Json:
        """A photo as Telegram shows it: in several sizes, the largest last."""
        kept = self.telegram.keep_file(content)
        small = self.telegram.keep_file(content[:100])
        sizes = [
            {**file, "width": side, "height": side}
            for file, side in zip((small, kept), PHOTO_SIDES, strict=True)
        ]
        return {"photo": sizes}

    def file(self, content: bytes, *, name: str = "IMG_1.jpg", media_type: str = "image/jpeg") -> Json:
        return {"document": {**self.telegram.keep_file(content), "file_name": name, "mime_type": media_type}}

    def album(self, *contents: Json, group: str) -> Sequence[Json]:
        """Several photos or files sent together."""
        return [self.sends(media_group_id=group, **content) for content in contents]

    def presses(self, label: str) -> Json:
        """Press the youngest button that is called so, or begins so."""
        for said in reversed(self.read):
            for button in (button for row in said.buttons for button in row):
                if button["text"].startswith(label) and "callback_data" in button:
                    return self.press(button["callback_data"], said)
        raise AssertionError(f"no button {label!r} among {[said.labels for said in self.read]}")

    def press(self, data: str, said: Said) -> Json:
        query_id = f"query-{self.telegram.number()}"
        self.telegram.press(query_id)
        message = {
            "message_id": said.message_id,
            "date": int(time.time()),
            "chat": self.chat,
            "text": said.text,
        }
        query = {"id": query_id, "from": self._from, "chat_instance": "1", "data": data, "message": message}
        return self.telegram.update({"callback_query": query})
