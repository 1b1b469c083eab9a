"""Links as their owners' API speaks of them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from cabinet_service.companies.logos.schemas import LogoOut
from cabinet_service.inspections.core.schemas import nothing_for_empty
from cabinet_service.reports.sharing.models import LABEL_CHARACTERS, ReportShare
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presented import Presented, Reader

MOST_DAYS: Final = 90
USUAL_DAYS: Final = 7

Label = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=LABEL_CHARACTERS)] | None,
    BeforeValidator(nothing_for_empty),
]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,8}$")]


class ShareScope(ApiInput):
    """What is shown beside the verdict, what speaks for it and what was not covered."""

    photos: bool = True
    history: bool = True


class ShareIn(ApiInput):
    """`label` is one's own note, which the link does not show. Without `language` whoever opens it chooses."""

    scope: ShareScope = ShareScope()
    reader: Literal[Reader.BUYER, Reader.SELLER] = Reader.BUYER
    language: ReportLanguage | None = None
    days: int = Field(default=USUAL_DAYS, ge=1, le=MOST_DAYS, description="For how many days it works.")
    code: Code | None = Field(default=None, description="Asked of whoever opens it: 4 to 8 digits.")
    label: Label = None


class ShareState(StrEnum):
    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ShareOut(ApiOutput):
    """A link that one has given out. `url` is null once it has ended, or where it cannot be shown any more.

    `views` counts how often it was opened (by one browser within half an hour: once), `browsers` by how many of
    them while that is kept; `shown` are the versions that it has shown.
    """

    id: UUID
    url: str | None
    state: ShareState
    label: str | None
    reader: Reader
    language: ReportLanguage | None
    scope: ShareScope
    has_code: bool
    code_locked_until: datetime | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    shown: list[int]
    views: int
    browsers: int
    viewed_at: datetime | None

    @classmethod
    def of(cls, share: ReportShare, *, url: str | None, browsers: int = 0, now: datetime) -> "ShareOut":
        is_live = share.is_live(now)
        lock = share.code_locked_until
        return cls(
            id=share.id,
            url=url if is_live else None,
            state=_state(share, now),
            label=share.label,
            reader=share.reader,
            language=language_in(share.language),
            scope=ShareScope(photos=share.photos, history=share.history),
            has_code=share.code_hash is not None,
            code_locked_until=lock if lock is not None and lock > now else None,
            created_at=share.created_at,
            expires_at=share.expires_at,
            revoked_at=share.revoked_at,
            shown=sorted(share.shown),
            views=share.views,
            browsers=browsers,
            viewed_at=share.viewed_at,
        )


def _state(share: ReportShare, now: datetime) -> ShareState:
    if share.revoked_at is not None:
        return ShareState.REVOKED
    return ShareState.LIVE if now < share.expires_at else ShareState.EXPIRED


def language_in(text: str | None) -> ReportLanguage | None:
    return None if text is None else "en" if text == "en" else "ru"


class CodeIn(ApiInput):
    code: Code


class SharedVersion(ApiOutput):
    """A version that the link shows: the newest, or one that it has shown before."""

    version: int
    made_at: datetime


class SharedReport(ApiOutput):
    """A report as the link shows it. `replaced_at` is since when there is a newer version; null of the newest.
    The report of `newest_version` may be on its way yet.

    `read_before` is the newest older version that this browser has read by this link; null if there is none.
    """

    presented: Presented
    logo: LogoOut | None
    version: int
    is_newest: bool
    newest_version: int
    replaced_at: datetime | None
    read_before: int | None
    versions: list[SharedVersion]
    expires_at: datetime


class SharedState(ApiOutput):
    """Which version is the newest, and since when: cheap to ask again and again, by its ETag."""

    newest_version: int
    made_at: datetime
    expires_at: datetime
