"""Ordered histories as the API speaks of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from cabinet_service.histories.models import HistoryOrder
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.identifiers import read_identifier
from shared_schemas.rest.histories import SourceProgress, SourceStanding
from shared_schemas.words import IdentifierKind


class NewHistory(ApiInput):
    """Of which car: a number as it was typed, which without a kind is read as what it looks like; and in whose
    name it is ordered, if not in one's own.
    """

    text: Annotated[str, Field(max_length=200)]
    kind: IdentifierKind | None = None
    company_id: UUID | None = None
    branch_id: UUID | None = None


class HistoryRow(ApiOutput):
    """An ordered history. `identifier` is shown as people read it, `made_at` is null while its report is made.

    `is_test`: it was ordered in a sandbox.
    """

    id: UUID
    number: str
    identifier: str
    identifier_kind: IdentifierKind
    company_id: UUID | None
    created_at: datetime
    made_at: datetime | None
    is_test: bool

    @classmethod
    def of(cls, order: HistoryOrder) -> "HistoryRow":
        reading = read_identifier(order.identifier, order.identifier_kind)
        return cls(
            id=order.id,
            number=order.number,
            identifier=reading.display if reading.ok else order.identifier,
            identifier_kind=order.identifier_kind,
            company_id=order.company_id,
            created_at=order.created_at,
            made_at=order.made_at,
            is_test=order.is_test,
        )


class SourceOut(ApiOutput):
    """How far a source is, by what people call it: `partly` means that it has told some of what it keeps."""

    title: str
    standing: SourceStanding

    @classmethod
    def of(cls, told: SourceProgress) -> "SourceOut":
        return cls(title=told.title, standing=told.standing)


class HistoryOut(HistoryRow):
    """An ordered history, and how far the sources are while its report is made.

    `sources` is empty where none is asked for this number, where that is not known at the moment, and once the
    report is there. `make_by` is when it is made of what is known by then; null where that is not known.
    """

    sources: list[SourceOut]
    make_by: datetime | None

    @classmethod
    def told(
        cls, order: HistoryOrder, sources: Sequence[SourceProgress] = (), make_by: datetime | None = None
    ) -> "HistoryOut":
        row = HistoryRow.of(order)
        return cls(**dict(row), sources=[SourceOut.of(one) for one in sources], make_by=make_by)
