"""How one wants to be told: the routes that both services share.

Each service says who its people are once (`Choosers`), and includes `choice_routes` and `device_routes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Final, Self
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter
from pydantic import AfterValidator, Field

from service_kit.db import SYSTEM, enter
from service_kit.http.access import ANYBODY
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.holders import Holder
from service_kit.http.problems import Problem
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import ApiInput, ApiOutput
from service_kit.notifying import push
from service_kit.notifying.notices import Notices
from service_kit.notifying.push import PushKey, Subscription
from service_kit.notifying.rules import Choice, Urgency
from service_kit.notifying.tables import AddressColumns

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


class DeviceOut(ApiOutput):
    """A browser or a chat in which one is told."""

    id: UUID
    channel: str
    device: str

    @classmethod
    def of(cls, address: AddressColumns) -> Self:
        return cls(id=address.id, channel=address.channel, device=address.device)


class PushKeyOut(ApiOutput):
    """What a browser subscribes with (`applicationServerKey`). One that subscribed with another does so anew."""

    key: str


class SubscriptionIn(Subscription, ApiInput):
    """`PushSubscription.toJSON()`, its keys beside the endpoint."""

    device: str = Field(min_length=1, max_length=64)
    """A name by which the person knows the device again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosers:
    """The people of one service. `me` is the FastAPI dependency that gives the Holder who sent the request."""

    notices: Notices
    kinds: Sequence[StrEnum]
    urgency: Mapping[str, Urgency]
    channels: Sequence[str]
    key: Any
    me: Any


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
    """`/notifications/devices` and `/notifications/push`: browsers and chats in which one is told."""
    router = APIRouter(prefix="/api/v1/notifications", route_class=CheckedRoute, tags=["notifications"])
    notices = choosers.notices

    async def list_devices(session: Reading, me: Holder = choosers.me) -> list[DeviceOut]:
        """Where one is told beside one's contacts, the oldest first."""
        return [DeviceOut.of(one) for one in await notices.addresses_of(session, me.id)]

    async def remove_device(device_id: UUID, session: WriteSession, me: Holder = choosers.me) -> None:
        """Be told there no more."""
        await notices.unbind(session, me.id, device_id)

    async def read_push_key(key: PushKey = choosers.key) -> PushKeyOut:
        """What this browser is to subscribe with."""
        return PushKeyOut(key=key.public)

    async def begin_push(
        body: SubscriptionIn, session: WriteSession, now: Now, me: Holder = choosers.me
    ) -> None:
        """Have this browser show what one is told. Said again it changes nothing."""
        address = Subscription.model_validate(body.model_dump(exclude={"device"})).model_dump_json()
        known = [one.address for one in await notices.addresses_of(session, me.id)]
        if address not in known and len(known) >= MOST_DEVICES:
            raise TooManyDevices(most=MOST_DEVICES)
        await enter(session, SYSTEM)  # the browser may have been somebody else's before
        await notices.bind(session, me.id, push.CHANNEL, address, device=body.device, now=now)

    async def end_push(body: Subscription, session: WriteSession, me: Holder = choosers.me) -> None:
        """Have this browser show nothing more. Said again it changes nothing."""
        for one in await notices.addresses_of(session, me.id):
            if one.channel == push.CHANNEL and one.address == body.model_dump_json():
                await notices.unbind(session, me.id, one.id)

    gone = HTTPStatus.NO_CONTENT
    router.get("/devices")(list_devices)
    router.delete("/devices/{device_id}", status_code=gone)(remove_device)
    router.get("/push-key", dependencies=[ANYBODY])(read_push_key)  # it is public
    router.put("/push", status_code=gone)(begin_push)
    router.post("/push/end", status_code=gone)(end_push)
    return router
