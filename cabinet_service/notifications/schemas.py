"""Bodies of the notifications' API."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator

from cabinet_service.accounts.domain import ContactKind
from cabinet_service.notifications.kinds import OF_HISTORIES, NotificationKind, NotificationState
from service_kit.http.schemas import ApiInput, ApiOutput
from service_kit.notifying.reading import Told
from service_kit.notifying.rules import REACHED, DeliveryState


class DeliveryOut(ApiOutput):
    """What became of a notification on one channel; `at` is when that was, or when it is tried (again).

    `delivered`: a browser said that it shows it.
    """

    channel: str
    state: DeliveryState
    at: datetime


class NotificationOut(ApiOutput):
    """It is about an inspection or, of the kind `history_ready`, about an ordered history: that one has an id,
    and `inspection_number` is its number.

    `channel` is the contact that it was sent to first, if any; `settled_at` is when it stopped being pending.

    `deliveries` has every channel that it took, in order; each browser has its own.
    """

    id: UUID
    kind: NotificationKind
    inspection_id: UUID | None
    history_id: UUID | None
    inspection_number: str
    info_task_id: UUID | None
    state: NotificationState
    channel: ContactKind | None
    created_at: datetime
    settled_at: datetime | None
    seen_at: datetime | None
    deliveries: list[DeliveryOut]

    @classmethod
    def of(cls, told: Told) -> Self:
        one, reached = told.notification, [d for d in told.deliveries if d.state in REACHED]
        settled = one.withdrawn_at or min((d.due_at for d in reached or told.deliveries), default=None)
        names = [d.channel for d in reached if d.channel in set(ContactKind)]
        return cls(
            id=one.id,
            kind=one.kind,
            inspection_id=None if one.kind in OF_HISTORIES else one.subject_id,
            history_id=one.subject_id if one.kind in OF_HISTORIES else None,
            inspection_number=one.number,
            info_task_id=one.task_id,
            state=NotificationState(told.state),
            channel=ContactKind(names[0]) if names else None,
            created_at=one.created_at,
            settled_at=None if told.state == NotificationState.PENDING else settled,
            seen_at=one.seen_at,
            deliveries=[
                DeliveryOut(channel=d.channel, state=d.state, at=d.shown_at or d.due_at)
                for d in told.deliveries
            ],
        )


class WhatWasSeen(ApiInput):
    """Of one inspection, of one ordered history, or of all of them."""

    inspection_id: UUID | None = None
    history_id: UUID | None = None

    @model_validator(mode="after")
    def _about_one(self) -> Self:
        if self.inspection_id is not None and self.history_id is not None:
            raise ValueError("either an inspection or a history")
        return self

    @property
    def subject_id(self) -> UUID | None:
        return self.inspection_id or self.history_id


class ChannelToTry(ApiInput):
    channel: ContactKind


class ChannelTried(ApiOutput):
    """`sent_to` is the contact at which a message will come in, if that works."""

    sent_to: str
