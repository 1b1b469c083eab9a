"""Chats in flows: what a bot is heard to say by and by."""

from typing import Final

from deploy.demo.people import wait_for
from tests.support.telegram.fake import Said
from tests.support.telegram.people import Person

PATIENCE: Final = 60.0


def heard(person: Person, words: str, *, but: Said | None = None) -> Said:
    """The bot's message, other than `but`, that says so by now, as soon as there is one."""

    def found() -> Said | None:
        return next((said for said in person.read if words in said.text and said is not but), None)

    return wait_for(found, f"{words!r} in the chat", PATIENCE)
