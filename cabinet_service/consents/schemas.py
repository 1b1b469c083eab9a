"""Bodies of the consents' API."""

from datetime import datetime

from pydantic import Field

from cabinet_service.accounts.domain import Language
from cabinet_service.consents.documents import IN_FORCE, Document, Wording, wordings
from cabinet_service.consents.models import ConsentAct, ConsentRecord
from cabinet_service.consents.queries import is_in_force
from service_kit.http.schemas import ApiInput, ApiOutput


class ConsentIn(ApiInput):
    document: Document
    version: int = Field(ge=1, le=10_000)
    language: Language = Field(description="In which language the client read it.")


class WordingOut(ApiOutput):
    """`sha256` is that of the text in UTF-8, in hex: records name the words that were agreed to by it."""

    language: Language
    text: str
    sha256: str

    @classmethod
    def of(cls, wording: Wording) -> "WordingOut":
        return cls(language=wording.language, text=wording.text, sha256=wording.sha256.hex())


class DocumentOut(ApiOutput):
    """The version in force. `given` says whether one has agreed to it, and has not taken that back."""

    document: Document
    version: int
    wordings: list[WordingOut]
    given: bool

    @classmethod
    def of(cls, document: Document, held: ConsentRecord | None) -> "DocumentOut":
        version = IN_FORCE[document]
        return cls(
            document=document,
            version=version,
            wordings=[WordingOut.of(wording) for wording in wordings(document, version)],
            given=is_in_force(held),
        )


class ConsentOut(ApiOutput):
    """Something that one gave or withdrew."""

    document: Document
    version: int
    act: ConsentAct
    language: str
    sha256: str
    recorded_at: datetime

    @classmethod
    def of(cls, record: ConsentRecord) -> "ConsentOut":
        return cls(
            document=record.document,
            version=record.version,
            act=record.act,
            language=record.language,
            sha256=record.text_sha256.hex(),
            recorded_at=record.recorded_at,
        )


class Consents(ApiOutput):
    """What is asked for, and what one has said so far, the oldest first."""

    documents: list[DocumentOut]
    records: list[ConsentOut]
