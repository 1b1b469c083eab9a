"""The table of consents. A row is written when something is given or withdrawn, and never changed after that,
but for the network, which goes when the account is erased.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.consents.documents import Document
from cabinet_service.db.base import Base
from service_kit.personal_columns import not_personal, personal


class ConsentAct(StrEnum):
    """What a client did about a document."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ConsentRecord(Base):
    """`version`, `language` and `text_sha256` say which words it was about; `network` where it came from."""

    __tablename__ = "consent_records"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), info=not_personal(is_exported=False))
    document: Mapped[Document]
    version: Mapped[int] = mapped_column(Integer)
    act: Mapped[ConsentAct]
    language: Mapped[str] = mapped_column(String(2), info=not_personal())
    text_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), info=not_personal())
    network: Mapped[str | None] = mapped_column(String(64), info=personal())
    recorded_at: Mapped[datetime]

    # Ids are in the order in which they were made, so the last record of a document is the one that holds.
    __table_args__ = (Index(None, "account_id", "document", "id"),)
