"""How one wants to be told: the routes that both services share.

Each service says who its people are once (`Choosers`), and includes `choice_routes`, `device_routes`,
`push_routes` and `receipt_routes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Final, Self
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field

from service_kit.db import SYSTEM, enter
from service_kit.http.access import ANYBODY
from service_kit.http.edge import Now, Reading, ServiceSession, WriteSession
from service_kit.http.holders import Holder
from service_kit.http.problems import NotFound, Problem
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import ApiInput, ApiOutput
from service_kit.notifying import push, receipts
from service_kit.notifying.notices import Notices
from service_kit.notifying.push import PushKey, Subscription
from service_kit.notifying.rules import Choice, DeliveryState, Urgency
from service_kit.notifying.tables import AddressColumns, DeliveryColumns
from service_kit.notifying.trying import last_told, try_address
from service_kit.signing import BadSignature, KeyRing
from service_kit.tokens import AccessToken

MOST_DEVICES: Final = 20


class TooManyDevices(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_devices"
    en = "You are told on {most} devices already. Take one of them away first."
    ru = "Уведомления уже приходят на {most} устройств. Сначала уберите одно из них."


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is a time zone such as Europe/Moscow")
    return value


Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
Name = Annotated[str, Field(max_length=32)]


class Muted(ApiInput):
    """News of this kind do not come on this channel."""

    kind: Name
    channel: Name


class ChoicesIn(ApiInput):
    """`order` are the channels that go first; the rest follow in the usual order."""

    order: list[Name] = Field(default=[], max_length=10)
    muted: list[Muted] = Field(default=[], max_length=200)
    quiet_from: time | None = None
    quiet_until: time | None = None
    time_zone: Zone = "Europe/Moscow"


class KindOut(ApiOutput):
    """A kind of news. What is urgent comes in quiet hours, too."""

    kind: str
    is_urgent: bool


class ChoicesOut(ApiOutput):
    """What one chose, and between what: `channels` are those that there are, `kinds` what one is told of."""

    order: list[str]
    muted: list[Muted]
    quiet_from: time | None
    quiet_until: time | None
    time_zone: str
    channels: list[str]
    kinds: list[KindOut]

    @classmethod
    def of(cls, choice: Choice, choosers: "Choosers") -> Self:
        return cls(
            order=list(choice.order),
            muted=[Muted(kind=kind, channel=channel) for kind, channel in sorted(choice.muted)],
            quiet_from=choice.quiet_from,
            quiet_until=choice.quiet_until,
            time_zone=choice.time_zone,
            channels=list(choosers.channels),
            kinds=[
                KindOut(kind=kind, is_urgent=choosers.urgency[kind].breaks_quiet) for kind in choosers.kinds
            ],
        )


class LastOut(ApiOutput):
    """What became of the last message that was for there alone.

    `at` is when that was, or when it is tried again. `delivered`: the browser said that it shows it.
    """

    state: DeliveryState
    at: datetime


class DeviceOut(ApiOutput):
    """A browser or a chat in which one is told; a browser only while one is signed in there."""

    id: UUID
    channel: str
    device: str
    is_signed_in: bool
    last: LastOut | None

    @classmethod
    def of(cls, address: AddressColumns, last: DeliveryColumns | None, *, is_signed_in: bool) -> Self:
        return cls(
            id=address.id,
            channel=address.channel,
            device=address.device,
            is_signed_in=is_signed_in,
            last=None if last is None else LastOut(state=last.state, at=last.shown_at or last.due_at),
        )


class PushKeyOut(ApiOutput):
    """What a browser subscribes with (`applicationServerKey`). One that subscribed with another does so anew."""

    key: str


class SubscriptionIn(Subscription, ApiInput):
    """`PushSubscription.toJSON()`, its keys beside the endpoint."""

    device: str = Field(min_length=1, max_length=64)
    """A name by which the person knows the device again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosers:
    """The people of one service.

    FastAPI dependencies: `secrets` gives its KeyRing, `token` the AccessToken that was sent, `me` the Holder who
    sent it, `removing` the same for whoever may remove the device `device_id` of the path; `counted_try` lets a
    person have so many test messages, and raises TooManyRequests.
    """

    notices: Notices
    kinds: Sequence[StrEnum]
    urgency: Mapping[str, Urgency]
    channels: Sequence[str]
    secrets: Any
    token: Any
    me: Any
    removing: Any
    counted_try: Any


def choice_routes(choosers: Choosers) -> APIRouter:
    """`/notifications/choices`: when and where one is told of what."""
    router = APIRouter(prefix="/api/v1/notifications", route_class=CheckedRoute, tags=["notifications"])
    notices = choosers.notices

    async def read_choices(session: Reading, me: Holder = choosers.me) -> ChoicesOut:
        """How one is told, as one chose or as it is usual."""
        return ChoicesOut.of(await notices.choice_of(session, me.id), choosers)

    async def choose(body: ChoicesIn, session: WriteSession, me: Holder = choosers.me) -> ChoicesOut:
        """Choose anew, all of it. What is named and does not exist is left out."""
        known = {str(kind) for kind in choosers.kinds}
        choice = Choice(
            order=tuple(dict.fromkeys(one for one in body.order if one in choosers.channels)),
            muted=frozenset((one.kind, one.channel) for one in body.muted if one.kind in known),
            quiet_from=body.quiet_from and body.quiet_from.replace(tzinfo=None, microsecond=0),
            quiet_until=body.quiet_until and body.quiet_until.replace(tzinfo=None, microsecond=0),
            time_zone=body.time_zone,
        )
        await notices.choose(session, me.id, choice)
        return ChoicesOut.of(choice, choosers)

    router.get("/choices")(read_choices)
    router.put("/choices")(choose)
    return router


def device_routes(choosers: Choosers) -> APIRouter:
    """`/notifications/devices`: browsers and chats in which one is told."""
    router = APIRouter(prefix="/api/v1/notifications", route_class=CheckedRoute, tags=["notifications"])
    notices = choosers.notices

    async def list_devices(session: Reading, me: Holder = choosers.me) -> list[DeviceOut]:
        """Where one is told beside one's contacts, the oldest first."""
        addresses = await notices.addresses_of(session, me.id)
        awake = await notices.awake(session, addresses)
        last = await last_told(session, notices, me.id)
        return [DeviceOut.of(one, last.get(one.id), is_signed_in=one in awake) for one in addresses]

    async def remove_device(device_id: UUID, session: WriteSession, me: Holder = choosers.removing) -> None:
        """Be told there no more."""
        await notices.unbind(session, me.id, device_id)

    async def try_device(device_id: UUID, session: WriteSession, now: Now, me: Holder = choosers.me) -> None:
        """Have a test message sent there and nowhere else; the list of devices says what became of it.

        Said again while one waits it changes nothing.
        """
        found = {one.id: one for one in await notices.addresses_of(session, me.id)}.get(device_id)
        if found is None:
            raise NotFound
        await enter(session, SYSTEM)
        await try_address(session, notices, found, now=now)

    gone = HTTPStatus.NO_CONTENT
    router.get("/devices")(list_devices)
    router.delete("/devices/{device_id}", status_code=gone)(remove_device)
    limited = [choosers.counted_try]
    router.post("/devices/{device_id}/test", status_code=gone, dependencies=limited)(try_device)
    return router


def push_routes(choosers: Choosers) -> APIRouter:
    """`/notifications/push`: having this browser show what one is told."""
    router = APIRouter(prefix="/api/v1/notifications", route_class=CheckedRoute, tags=["notifications"])
    notices = choosers.notices

    async def read_push_key(secrets: KeyRing = choosers.secrets) -> PushKeyOut:
        """What this browser is to subscribe with."""
        return PushKeyOut(key=PushKey(secrets).public)

    async def begin_push(
        body: SubscriptionIn,
        session: WriteSession,
        now: Now,
        me: Holder = choosers.me,
        token: AccessToken = choosers.token,
    ) -> None:
        """Have this browser show what one is told, while one is signed in there. To be said at each sign-in."""
        address = Subscription.model_validate(body.model_dump(exclude={"device"})).model_dump_json()
        known = [one.address for one in await notices.addresses_of(session, me.id)]
        if address not in known and len(known) >= MOST_DEVICES:
            raise TooManyDevices(most=MOST_DEVICES)
        await enter(session, SYSTEM)  # the browser may have been somebody else's before
        await notices.bind(
            session,
            me.id,
            push.CHANNEL,
            address,
            device=body.device,
            now=now,
            session_id=token.session_id,
        )

    async def end_push(body: Subscription, session: WriteSession, me: Holder = choosers.me) -> None:
        """Have this browser show nothing more. Said again it changes nothing."""
        for one in await notices.addresses_of(session, me.id):
            if one.channel == push.CHANNEL and one.address == body.model_dump_json():
                await notices.unbind(session, me.id, one.id)

    gone = HTTPStatus.NO_CONTENT
    router.get("/push-key", dependencies=[ANYBODY])(read_push_key)  # it is public
    router.put("/push", status_code=gone)(begin_push)
    router.post("/push/end", status_code=gone)(end_push)
    return router


def receipt_routes(choosers: Choosers) -> APIRouter:
    """`/notifications/deliveries/…/shown`: a browser's word, for which nobody has to be signed in there."""
    router = APIRouter(prefix=receipts.PREFIX, route_class=CheckedRoute, tags=["notifications"])

    async def note_shown(
        delivery_id: UUID,
        signature: Annotated[str, Query(max_length=64)],
        session: ServiceSession,
        now: Now,
        secrets: KeyRing = choosers.secrets,
    ) -> None:
        """The browser shows what was pushed. Said again it changes nothing."""
        try:
            receipts.check(secrets, delivery_id, signature)
        except BadSignature:
            raise NotFound from None
        await choosers.notices.note_shown(session, delivery_id, now=now)

    gone = HTTPStatus.NO_CONTENT
    router.post(receipts.PATH, status_code=gone, dependencies=[ANYBODY])(note_shown)
    return router
