"""What a bot says, in the languages of a folder: one ARB file for each, with plain placeholders."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

from service_kit.chats.saying import Language, escape


class BotTexts:
    """`commands` are those that a messenger's menu offers, in its order."""

    def __init__(self, folder: Path, commands: Sequence[str]) -> None:
        self._commands: Final = commands
        self._said: Final[Mapping[Language, Mapping[str, str]]] = {
            language: json.loads((folder / f"{language}.arb").read_text(encoding="utf-8"))
            for language in get_args(Language)
        }

    def words(self, language: Language, key: str, **values: object) -> str:
        """Plain text, for the label of a button."""
        said = self._said[language][key]
        return said.format(**values) if values else said

    def html(self, language: Language, key: str, **values: object) -> str:
        """The same, as a message takes it: whatever is in the values, is read as it is written."""
        return escape(self.words(language, key, **values))

    def menu(self) -> dict[str, list[tuple[str, str]]]:
        """What a menu of commands offers, by language; who has neither is offered English."""
        offered = {
            language: [(command, said[f"commands.{command}"]) for command in self._commands]
            for language, said in self._said.items()
        }
        return {**offered, "": offered["en"]}
