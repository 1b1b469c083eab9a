"""The words that reports are made of: ARB files in the languages of `messages`, with plain placeholders.

What has legal weight is apart, in `legal.*.arb`, each sentence with its reason: a lawyer reads and changes these
files alone.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presented import Reader

FOLDER: Final = Path(__file__).with_name("messages")

Said = Mapping[ReportLanguage, Mapping[str, str]]


def _read(name: str) -> dict[str, str]:
    written: dict[str, str] = json.loads((FOLDER / f"{name}.arb").read_text(encoding="utf-8"))
    return {key: text for key, text in written.items() if not key.startswith("@")}


SAID: Final[Said] = {language: _read(language) for language in get_args(ReportLanguage)}
LEGAL: Final[Said] = {language: _read(f"legal.{language}") for language in get_args(ReportLanguage)}

_TEENS: Final = range(11, 15)
_FEW: Final = range(2, 5)
_THIN: Final = "\N{NARROW NO-BREAK SPACE}"


def spaced(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", _THIN)


class Words:
    """What is said in one language to one reader. Values that are put in are ours: codes, numbers, days and the
    titles of sources, never what a person typed.
    """

    def __init__(self, language: ReportLanguage, reader: Reader) -> None:
        self.language = language
        self._reader = reader
        self._said = SAID[language]
        self._legal = LEGAL[language]

    def say(self, key: str, **values: str) -> str:
        return self._said[key].format(**values)

    def legal(self, key: str, **values: str) -> str:
        """A sentence that a lawyer answers for."""
        return self._legal[key].format(**values)

    def say_to_reader(self, key: str, **values: str) -> str:
        """The same matter, worded for who reads it."""
        return self.say(f"{key}.{self._reader}", **values)

    def legal_to_reader(self, key: str, **values: str) -> str:
        return self.legal(f"{key}.{self._reader}", **values)

    def knows(self, key: str) -> bool:
        return key in self._said

    def counted(self, key: str, count: int) -> str:
        """So many of something: `key` has a form for one, for few and for many."""
        return self.say(f"{key}.{self._form(count)}", count=spaced(count))

    def _form(self, count: int) -> str:
        if self.language == "en":
            return "one" if count == 1 else "many"
        if count % 100 in _TEENS:
            return "many"
        return "one" if count % 10 == 1 else "few" if count % 10 in _FEW else "many"
