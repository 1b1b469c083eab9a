"""What somebody said in a chat, as far as a bot understands it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service_kit.chats.saying import Language, Saying


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo, or a file that may be one."""

    file_id: str
    unique_id: str
    size: int
    is_file: bool


@dataclass(frozen=True, slots=True)
class Press:
    """A button below the message `message_id` was pressed; `verb` and `rest` are the halves of its data."""

    query_id: str
    verb: str
    rest: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """`other` is a word for what is neither text nor photo. `device` is how the person is called in a list."""

    is_private: bool = True
    device: str = ""
    language: Language = "ru"
    text: str = ""
    photos: Sequence[Sent] = ()
    album: str | None = None
    press: Press | None = None
    other: str = ""
    has_left: bool = False

    @property
    def command(self) -> tuple[str, str] | None:
        """The command without its slash and the bot's name, and what follows it."""
        if not self.text.startswith("/"):
            return None
        first, _, rest = self.text[1:].partition(" ")
        return first.partition("@")[0].lower(), rest.strip()


def pressed(heard: Heard, sayings: list[Saying]) -> list[Saying]:
    """With the press of a button it has to be told that the press has arrived."""
    press = heard.press
    if press is None:
        return sayings
    if not sayings:
        return [Saying(answers=press.query_id)]
    return [replace(sayings[0], answers=press.query_id), *sayings[1:]]
