"""Links to a car as who gave them speaks of them, and the car as a link shows it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from cabinet_service.inspections.core.domain import Kind, Missing
from cabinet_service.inspections.core.models import InfoTask, TimelineEntry
from cabinet_service.inspections.core.schemas import nothing_for_empty
from cabinet_service.inspections.yard.models import LABEL_CHARACTERS, YardLink
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.words import IdentifierKind, Shot, ShotAnswer

MOST_DAYS: Final = 14
USUAL_DAYS: Final = 3

Label = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=LABEL_CHARACTERS)] | None,
    BeforeValidator(nothing_for_empty),
]


class YardLinkIn(ApiInput):
    """`label` is one's own note, which the link does not show: who it is for, say."""

    label: Label = None
    days: int = Field(default=USUAL_DAYS, ge=1, le=MOST_DAYS, description="For how many days it works.")
    may_submit: bool = Field(default=False, description="Done there, it is sent to the experts.")
    shows_note: bool = Field(default=False, description="It shows what worries the client.")


class YardLinkState(StrEnum):
    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OVER = "over"


class YardUse(ApiOutput):
    """Something that was done by a link, as the timeline tells it."""

    at: datetime
    kind: Kind
    shot: Shot | None

    @classmethod
    def of(cls, entry: TimelineEntry) -> "YardUse":
        return cls(at=entry.at, kind=entry.kind, shot=entry.data.get("shot"))


class YardLinkOut(ApiOutput):
    """A link that one has given. `url` is null once it opens nothing, or where it cannot be shown any more.

    `visits` counts how often it was opened, with half an hour in between; `uses` are what was done by it, the
    newest first; `done_at` is when whoever has it said that all is done. `over`: nobody is needed at the car.
    """

    id: UUID
    url: str | None
    state: YardLinkState
    label: str | None
    may_submit: bool
    shows_note: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    visits: int
    used_at: datetime | None
    done_at: datetime | None
    uses: list[YardUse]

    @classmethod
    def of(
        cls,
        link: YardLink,
        *,
        url: str | None,
        uses: Sequence[TimelineEntry] = (),
        is_over: bool = False,
        now: datetime,
    ) -> "YardLinkOut":
        state = _state(link, now, is_over=is_over)
        return cls(
            id=link.id,
            url=url if state is YardLinkState.LIVE else None,
            state=state,
            label=link.label,
            may_submit=link.may_submit,
            shows_note=link.shows_note,
            created_at=link.created_at,
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
            visits=link.visits,
            used_at=link.used_at,
            done_at=link.done_at,
            uses=[YardUse.of(one) for one in uses],
        )


def _state(link: YardLink, now: datetime, *, is_over: bool) -> YardLinkState:
    if link.revoked_at is not None:
        return YardLinkState.REVOKED
    if now >= link.expires_at:
        return YardLinkState.EXPIRED
    return YardLinkState.OVER if is_over else YardLinkState.LIVE


class YardNumber(ApiOutput):
    """A number by which the car is known at sight, as people write it."""

    kind: IdentifierKind
    text: str


class YardShot(ApiOutput):
    """A photo that is asked for: how many of it there are, whoever sent them, and what was said in its place."""

    shot: Shot
    photos: int
    answer: ShotAnswer | None


class YardTask(ApiOutput):
    """An open question of the experts. `place` is on a photo that the link shows."""

    id: UUID
    shot: Shot | None
    question: str
    place: PlaceOnEvidence | None
    blocking: bool
    created_at: datetime

    @classmethod
    def of(cls, task: InfoTask) -> "YardTask":
        return cls(
            id=task.id,
            shot=task.shot,
            question=task.question,
            place=None if task.place is None else PlaceOnEvidence.model_validate(task.place),
            blocking=task.blocking,
            created_at=task.created_at,
        )


class YardPhoto(ApiOutput):
    """A photo that was brought by this link. One that does not open has to be taken again."""

    id: UUID
    shot: Shot
    info_task_id: UUID | None
    sha256: str
    opens: bool


class YardOut(ApiOutput):
    """One car, for whoever stands at it: what it is known by, what to photograph, and what is asked.

    Of `one_of` one photo is needed at least, `suggested` are what helps. `is_sent`: the experts have it, and what
    is said in place of photos is said to their questions alone. `missing` is what keeps a draft from being sent.
    `note` is what worries the client, where they show it.
    """

    inspection_id: UUID
    numbers: list[YardNumber]
    make: str | None
    model: str | None
    year: int | None
    one_of: list[YardShot]
    suggested: list[YardShot]
    tasks: list[YardTask]
    photos: list[YardPhoto]
    note: str | None
    is_sent: bool
    may_submit: bool
    missing: list[Missing]
    done_at: datetime | None
    expires_at: datetime


class YardAnswer(ApiInput):
    """Null takes back what was said."""

    answer: ShotAnswer | None
