"""What the bot says, in the languages of `messages`: one ARB file for each, with plain placeholders."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from cabinet_service.accounts.domain import Language
from service_kit.telegram.saying import escape

_FOLDER: Final = Path(__file__).with_name("messages")
_SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    language: json.loads((_FOLDER / f"{language}.arb").read_text(encoding="utf-8"))
    for language in get_args(Language)
}
COMMANDS: Final = ("new", "status", "language", "help", "stop")


def words(language: Language, key: str, **values: object) -> str:
    """Plain text, for the label of a button."""
    said = _SAID[language][key]
    return said.format(**values) if values else said


def html(language: Language, key: str, **values: object) -> str:
    """The same, as a message takes it: whatever is in the values, is read as it is written."""
    return escape(words(language, key, **values))


def menu() -> dict[str, list[tuple[str, str]]]:
    """What Telegram's menu of commands offers, by language; who has neither is offered English."""
    offered = {
        language: [(command, said[f"commands.{command}"]) for command in COMMANDS]
        for language, said in _SAID.items()
    }
    return {**offered, "": offered["en"]}
