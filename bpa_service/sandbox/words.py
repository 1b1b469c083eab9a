"""What the script says, in the languages of `messages`, an ARB file for each. Each sentence says: a test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import Verdict

_FOLDER: Final = Path(__file__).with_name("messages")


@dataclass(frozen=True, slots=True)
class Words:
    found: Mapping[FindingSeverity, str]
    summary: Mapping[Verdict, str]
    question: str
    not_covered: str
    explanation: str
    reviewed: str


def words_in(language: str) -> Words:
    """In the language of who ordered; whoever has another than ours reads Russian."""
    return _SAID.get(language, _SAID["ru"])


def _read(language: str) -> Words:
    said: dict[str, str] = json.loads((_FOLDER / f"{language}.arb").read_text(encoding="utf-8"))
    return Words(
        found={severity: said[f"found.{severity}"] for severity in FindingSeverity},
        summary={verdict: said[f"summary.{verdict}"] for verdict in Verdict},
        question=said["question"],
        not_covered=said["not_covered"],
        explanation=said["explanation"],
        reviewed=said["reviewed"],
    )


_SAID: Final = {language: _read(language) for language in ("en", "ru")}
