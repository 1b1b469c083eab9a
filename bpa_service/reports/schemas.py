"""Reports as the API speaks of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from bpa_service.cases.core.places import Places
from bpa_service.cases.core.schemas import MediumText
from bpa_service.cases.deciding.schemas import DraftIn
from bpa_service.reports.models import KeptReport
from service_kit.http.schemas import ApiInput, ApiOutput, LongText


class ReportOut(ApiOutput):
    """That there is a report of this version of the answer. `sha256` is the digest of its content, in hex."""

    report_id: UUID
    version: int
    sha256: str
    made_at: datetime
    is_newest: bool

    @classmethod
    def all_of(cls, reports: Sequence[KeptReport]) -> list[Self]:
        return list(cls._each(reports))

    @classmethod
    def _each(cls, reports: Sequence[KeptReport]) -> Iterator[Self]:
        for one in reports:
            yield cls(
                report_id=one.id,
                version=one.version,
                sha256=one.sha256,
                made_at=one.made_at,
                is_newest=one is reports[-1],
            )


class ConfirmationIn(ApiInput):
    """What is confirmed on these places once the answer is given: no finding yet, at least one place."""

    text: MediumText
    places: Places


class ReportDraftIn(DraftIn):
    """An answer as far as it is written. Of an amendment `reason` says why there is one.

    `confirmation` becomes a finding when the answer is given; it is told last, as one that is confirmed.
    """

    reason: LongText | None = None
    confirmation: ConfirmationIn | None = None
