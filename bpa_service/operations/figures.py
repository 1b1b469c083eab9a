"""What the page of operations is made of: the figures that Prometheus is told, read by the same functions.

Whoever looks costs the database no more than one reading every few seconds, however many look.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.deciding import statistics as decisions
from bpa_service.cases.deciding.statistics import Lately
from bpa_service.cases.ticking.metrics import overdue_seconds
from bpa_service.notifications.notices import notices
from bpa_service.operations.domain import Gone
from bpa_service.shifts.metrics import Promise, promise
from bpa_service.shifts.queries import days_ago
from bpa_service.vehicles.enquiries.metrics import Asked, asked
from service_kit.db import database_now
from service_kit.health import Ready, tried
from service_kit.http.peer import PeerBusy, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.metrics import Delivery, delivery
from service_kit.notifying.metrics import Untold, untold
from service_kit.process_signs import Sign, signs
from service_kit.search.keeping.state import IndexState, state
from service_kit.zones import zone_named

KEPT: Final = 5.0
# A week of a busy house is a hundred thousand answers: they are counted once a minute.
LONG_KEPT: Final = 60.0
WEEK: Final = 7
PEER_SECONDS: Final = 3.0
AWAY: Final = "away"
NOT_READY: Final = "not_ready"
READY: Final = "ready"
HIDDEN: Final = "hidden"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LongPeriods:
    """The answers of today and of the last seven days, today among them, where the experts' days begin."""

    today: Lately
    week: Lately


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything at one instant. `gone` are the kinds of processes of which there is none, and since when.

    `engines` are `ok`, or what is wrong with them; `cabinet` is READY, NOT_READY, AWAY or HIDDEN, for one whose
    health cannot be asked from here; `cabinet_lacks` are the engines that it says it lacks and can do without.
    """

    at: datetime
    promise: Promise
    long: LongPeriods
    ticks_overdue: float
    delivery: Delivery
    untold: Untold
    index: IndexState
    asked: Mapping[str, Asked]
    sources: tuple[str, ...]
    processes: Mapping[str, Sign]
    gone: Mapping[str, datetime]
    engines: Mapping[str, str]
    cabinet: str
    cabinet_lacks: tuple[str, ...]
    claim_window: float


class Kept(Generic[T]):
    """What is read by one at a time, and not again for so many seconds."""

    def __init__(self, read: Callable[[], Awaitable[T]], *, seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._kept: tuple[T, float] | None = None

    async def get(self) -> T:
        async with self._turn:
            if self._kept is None or time.monotonic() >= self._kept[1]:
                self._kept = (await self._read(), time.monotonic() + self._seconds)
            return self._kept[0]


class Operations:
    """The figures of one API process. They are nobody's: the service reads them, and no client is in them."""

    def __init__(self, ports: ApiPorts, *, kept: float = KEPT, long_kept: float = LONG_KEPT) -> None:
        self._ports = ports
        self._long = Kept(self._read_long, seconds=long_kept)
        self._all = Kept(self._read, seconds=kept)
        self._gone = Gone()

    async def look(self) -> Figures:
        """At most KEPT seconds old; `at` says from when."""
        return await self._all.get()

    async def _read(self) -> Figures:
        ports, settings = self._ports, self._ports.settings
        (bus, cache), (cabinet, lacks), long = await asyncio.gather(
            asyncio.gather(tried(ports.backbone.bus.check), tried(ports.limits.check)),
            self._cabinet(),
            self._long.get(),
        )
        async with ports.backbone.database.reading() as session:
            at = await database_now(session)
            processes = await signs(session)
            return Figures(
                at=at,
                promise=await promise(session, settings.hours),
                long=long,
                ticks_overdue=await overdue_seconds(session),
                delivery=await delivery(session, ports.backbone.tables),
                untold=await untold(session, notices),
                index=await state(session),
                asked=await asked(session),
                sources=settings.sources,
                processes=processes,
                gone=self._gone.seen(processes, at),
                engines={"bus": bus, "cache": cache},
                cabinet=cabinet,
                cabinet_lacks=lacks,
                claim_window=settings.claim_window_seconds,
            )

    async def _read_long(self) -> LongPeriods:
        hours = self._ports.settings.hours
        zone = hours.zone if hours else zone_named("UTC")
        async with self._ports.backbone.database.reading() as session:
            now = await database_now(session)
            return LongPeriods(
                today=await decisions.lately(session, days_ago(now, 1, zone)),
                week=await decisions.lately(session, days_ago(now, WEEK, zone)),
            )

    async def _cabinet(self) -> tuple[str, tuple[str, ...]]:
        try:
            ready = await self._ports.backbone.peer.get("/readyz", Ready, seconds=PEER_SECONDS)
        except PeerBusy:
            return NOT_READY, ()
        except PeerUnavailable:
            return AWAY, ()
        except (NotFound, PeerRefused):
            return HIDDEN, ()
        return READY, tuple(name for name, said in ready.engines.items() if said != "ok")
