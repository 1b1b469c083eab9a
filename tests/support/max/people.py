"""People in MAX: what MAX tells the bot when they do something."""

from dataclasses import dataclass
from typing import Any

from tests.support.max.fake import FakeMax, Said
from tests.support.max.rules import Json


@dataclass
class Person:
    """Somebody with MAX on their phone, in one chat: with the bot alone unless `group` says otherwise."""

    max: FakeMax
    id: int
    first_name: str = "Anna"
    username: str | None = "anna"
    locale: str = "ru"
    group: int | None = None

    def __post_init__(self) -> None:
        self.max.groups |= {self.group} if self.group is not None else set()

    @property
    def user(self) -> Json:
        named = {"first_name": self.first_name, "last_name": "", "name": self.first_name}
        known = {"username": self.username} if self.username else {}
        return {"user_id": self.id, "is_bot": False, "last_activity_time": 1, **named, **known}

    @property
    def read(self) -> list[Said]:
        """What the bot has said in the chat."""
        return list(self.max.chats[self.id if self.group is None else self.group])

    @property
    def texts(self) -> list[str]:
        return [said.text for said in self.read]

    def opens(self, token: str = "") -> Json:
        """A link to the bot is opened, and the bot started."""
        self.max.dialogs.add(self.id)
        payload = {"payload": token} if token else {}
        about = {"chat_id": 10_000_000 + self.id, "user": self.user, "user_id": self.id}
        return self.max.update("bot_started", **about, user_locale=self.locale, **payload)

    def message(self, **content: Any) -> Json:
        """A message as it stands in an update."""
        recipient: Json = {"chat_id": 10_000_000 + self.id, "chat_type": "dialog", "user_id": self.id}
        if self.group is not None:
            recipient = {"chat_id": self.group, "chat_type": "chat"}
        body = {"mid": f"mid.{self.max.number():032x}", "seq": 1, **content}
        return {"recipient": recipient, "timestamp": 1, "body": body, "sender": self.user}

    def sends(self, **content: Any) -> Json:
        if self.group is None:
            self.max.dialogs.add(self.id)
        return self.max.update("message_created", message=self.message(**content), user_locale=self.locale)

    def writes(self, text: str) -> Json:
        return self.sends(text=text)

    def stops(self) -> Json:
        self.max.blocked.add(self.id)
        return self.max.update("bot_stopped", chat_id=10_000_000 + self.id, user=self.user)

    def presses(self, label: str) -> Json:
        """Press the youngest button that is called so."""
        for said in reversed(self.read):
            for button in (button for row in said.buttons for button in row):
                if button["text"] == label and button["type"] == "callback":
                    return self.press(button["payload"], said)
        raise AssertionError(f"no button {label!r} among {self.texts}")

    def press(self, payload: str, said: Said) -> Json:
        callback = {
            "timestamp": 1,
            "callback_id": self.max.press(said),
            "user": self.user,
            "payload": payload,
        }
        message = self.message(text=said.text) | {"sender": {"user_id": 1, "is_bot": True}}
        return self.max.update(
            "message_callback", callback=callback, message=message, user_locale=self.locale
        )
