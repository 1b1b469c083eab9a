"""What clients and companies are asked to agree to: documents in versions, each in both languages.

The texts are files beside this module, `texts/<document>.<version>.<language>.txt`. One that was ever in force
is never changed: a record says by the digest which words were agreed to. A change is a new version.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, get_args

from cabinet_service.accounts.domain import Language

_FOLDER: Final = Path(__file__).parent / "texts"


class Document(StrEnum):
    """Something that a client agrees to by itself, and can take back by itself."""

    PERSONAL_DATA = "personal_data"


class CompanyDocument(StrEnum):
    """Something that a company agrees to, by the word of one of its administrators."""

    PROCESSING = "processing"


IN_FORCE: Final[Mapping[Document, int]] = {Document.PERSONAL_DATA: 1}
"""The version that is asked for now, of each document."""
OF_COMPANIES: Final[Mapping[CompanyDocument, int]] = {CompanyDocument.PROCESSING: 1}
"""The same of companies."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A version of a document in one language."""

    language: Language
    text: str

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()


@cache
def wording(document: Document | CompanyDocument, version: int, language: Language) -> Wording:
    """The words of a version that is or was in force."""
    path = _FOLDER / f"{document}.{version}.{language}.txt"
    return Wording(language, path.read_text("utf-8"))


def wordings(document: Document | CompanyDocument, version: int) -> list[Wording]:
    """The same in every language."""
    return [wording(document, version, language) for language in get_args(Language)]
