"""Webhooks as the API speaks of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from cabinet_service.webhooks import domain
from cabinet_service.webhooks.domain import WebhookDeliveryState, WhyOff
from cabinet_service.webhooks.models import (
    MOST_DESCRIPTION,
    MOST_URL,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSecret,
)
from service_kit.http.schemas import ApiInput, ApiOutput, Instant
from shared_schemas.webhooks import WebhookType

_HOURS_OF_OVERLAP: Final = int(domain.MOST_OVERLAP.total_seconds() // 3600)


def _of_events(types: list[WebhookType]) -> list[WebhookType]:
    if WebhookType.TEST in types:
        raise ValueError("a test is sent when it is asked for, and not subscribed to")
    return sorted(set(types), key=list(WebhookType).index)


Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_URL)]
Description = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_DESCRIPTION)] | None,
    AfterValidator(lambda text: text or None),
]
Events = Annotated[
    list[WebhookType], Field(min_length=1, max_length=2 * len(WebhookType)), AfterValidator(_of_events)
]


# Not what was taken: put in line again and taken once more, it would come before the rest each time.
Missed = Literal[WebhookDeliveryState.FAILED, WebhookDeliveryState.SKIPPED]


class WebhookIn(ApiInput):
    """`description` is one's own note."""

    url: Url
    events: Events
    description: Description = None


class WebhookChangeIn(ApiInput):
    """What is left out stays. `enabled` turns the address off or, whatever turned it off, on again."""

    url: Url | None = None
    events: Events | None = None
    description: Description = None
    enabled: bool | None = None


class WebhookSecretRotationIn(ApiInput):
    """For so many hours notices are signed with the old secret as well; with 0 it ends at once."""

    overlap_hours: int = Field(
        default=int(domain.USUAL_OVERLAP.total_seconds() // 3600), ge=0, le=_HOURS_OF_OVERLAP
    )


class WebhookReplayIn(ApiInput):
    """What happened from `since` until before `until`, of that what was missed in one of these ways."""

    since: Instant
    until: Instant
    states: list[Missed] = Field(
        default=[WebhookDeliveryState.FAILED, WebhookDeliveryState.SKIPPED], min_length=1, max_length=2
    )


class WebhookSecretOut(ApiOutput):
    """A secret that signs, without itself. With `expires_at` it is on its way out."""

    id: UUID
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, secret: WebhookSecret) -> "WebhookSecretOut":
        return cls(id=secret.id, created_at=secret.created_at, expires_at=secret.expires_at)


class WebhookOut(ApiOutput):
    """An address. `failing_since` is the first failure since the last notice that was taken there."""

    id: UUID
    company_id: UUID
    url: str
    events: list[WebhookType]
    description: str | None
    enabled: bool
    disabled_at: datetime | None
    disabled_why: WhyOff | None
    failing_since: datetime | None
    created_at: datetime
    secrets: list[WebhookSecretOut]

    @classmethod
    def of(cls, row: WebhookEndpoint, secrets: Sequence[WebhookSecret]) -> "WebhookOut":
        return cls(
            id=row.id,
            company_id=row.company_id,
            url=row.url,
            events=[WebhookType(word) for word in row.events],
            description=row.description,
            enabled=row.disabled_at is None,
            disabled_at=row.disabled_at,
            disabled_why=row.disabled_why,
            failing_since=row.failing_since,
            created_at=row.created_at,
            secrets=[WebhookSecretOut.of(one) for one in secrets],
        )


class WebhookMade(WebhookOut):
    """The same with the newest `secret`, which is shown here and nowhere else."""

    secret: str


class WebhookDeliveryOut(ApiOutput):
    """A notice on its way, or there. While it is pending it is tried at `due_at`, or once it is its turn.

    `attempts` counts the tries.
    """

    event_id: UUID
    type: WebhookType
    inspection_id: UUID | None
    occurred_at: datetime
    state: WebhookDeliveryState
    attempts: int
    due_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: WebhookDelivery, event: WebhookEvent) -> "WebhookDeliveryOut":
        return cls(
            event_id=event.id,
            type=event.type,
            inspection_id=event.inspection_id,
            occurred_at=event.occurred_at,
            state=row.state,
            attempts=row.attempts,
            due_at=row.due_at if row.state is WebhookDeliveryState.PENDING else None,
            finished_at=row.finished_at,
        )


class WebhookAttemptOut(ApiOutput):
    """One try: the `status` and the beginning of the body that came back, or the `error` why nothing did."""

    number: int
    began_at: datetime
    took_ms: int
    status: int | None
    error: str | None
    answer: str | None

    @classmethod
    def of(cls, row: WebhookAttempt) -> "WebhookAttemptOut":
        return cls(
            number=row.number,
            began_at=row.began_at,
            took_ms=row.took_ms,
            status=row.status,
            error=row.error,
            answer=row.answer,
        )


class WebhookDeliveryDetail(ApiOutput):
    """A notice, byte for byte as it is sent, and what became of each try."""

    delivery: WebhookDeliveryOut
    body: str
    tries: list[WebhookAttemptOut]


class WebhooksReplayed(ApiOutput):
    """How many were put in line again. With `more` there are others: ask again for the rest."""

    count: int
    more: bool
