"""What the page of operations is made of: the figures that Prometheus is told, read by the same functions.

Whoever looks costs the database no more than one reading every few seconds, however many look.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, NamedTuple, TypeVar

import structlog

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.deciding import statistics as decisions
from bpa_service.cases.deciding.statistics import Counted
from bpa_service.cases.ticking.metrics import overdue_seconds
from bpa_service.notifications.notices import notices
from bpa_service.operations.domain import Gone
from bpa_service.shifts.metrics import Promise, promise
from bpa_service.shifts.queries import days_ago
from bpa_service.vehicles.enquiries.metrics import Asked, asked
from service_kit.db import database_now
from service_kit.health import Check, Ready, tried
from service_kit.http.peer import PeerBusy, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.metrics import Delivery, delivery
from service_kit.notifying.metrics import Untold, untold
from service_kit.process_signs import Sign, signs
from service_kit.search.keeping.state import IndexState, state

log = structlog.get_logger(__name__)

KEPT: Final = 5.0
# A week of a busy house is a hundred thousand answers: they are counted once a minute.
LONG_KEPT: Final = 60.0
LONG_SECONDS: Final = 3.0
WEEK: Final = 7
PEER_SECONDS: Final = 3.0
AWAY: Final = "away"
NOT_READY: Final = "not_ready"
READY: Final = "ready"
HIDDEN: Final = "hidden"
T = TypeVar("T")


class LongPeriods(NamedTuple):
    """The answers of today and of the last seven days, today among them, where the experts' days begin."""

    today: Counted
    week: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything at one instant. `gone` are the kinds of processes of which there is none, and since when.

    `engines` are `ok`, or what is wrong with them; `cabinet` is READY, NOT_READY, AWAY or HIDDEN, for one whose
    health cannot be asked from here; `long` is None where it could not be counted, and `zone` is where its days
    begin; `cabinet_lacks` are the engines that it says it lacks and can do without.
    """

    at: datetime
    promise: Promise
    long: LongPeriods | None
    zone: str
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
    """What is read by one at a time, and not again for so many seconds; nor is it tried again if it failed."""

    def __init__(self, read: Callable[[], Awaitable[T]], *, seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._kept: asyncio.Future[T] | None = None
        self._until = 0.0

    async def get(self) -> T:
        """Raises what reading it raised."""
        async with self._turn:
            if self._kept is None or time.monotonic() >= self._until:
                self._kept = await self._outcome()
                self._until = time.monotonic() + self._seconds
            return self._kept.result()

    async def _outcome(self) -> asyncio.Future[T]:
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            outcome.set_result(await self._read())
        except Exception as error:  # noqa: BLE001 - whoever asks is told
            outcome.set_exception(error)
        return outcome


class Operations:
    """The figures of one API process, whose engines `checks` looks at. They are nobody's: the service reads them,
    and no client is in them.
    """

    def __init__(
        self,
        ports: ApiPorts,
        checks: Callable[[], Mapping[str, Check]],
        *,
        kept: float = KEPT,
        long_kept: float = LONG_KEPT,
    ) -> None:
        self._ports = ports
        self._checks = checks
        self._zone = Policy.of(ports.settings).zone
        self._long = Kept(self._count_long, seconds=long_kept)
        self._all = Kept(self._read, seconds=kept)
        self._gone = Gone()

    async def look(self) -> Figures:
        """At most KEPT seconds old; `at` says from when."""
        return await self._all.get()

    async def _read(self) -> Figures:
        ports, settings = self._ports, self._ports.settings
        engines, (cabinet, lacks), long = await asyncio.gather(
            self._engines(), self._cabinet(), self._long.get()
        )
        async with ports.backbone.database.reading() as session:
            at = await database_now(session)
            processes = await signs(session)
            return Figures(
                at=at,
                promise=await promise(session, settings.hours),
                long=long,
                zone=self._zone.key,
                ticks_overdue=await overdue_seconds(session),
                delivery=await delivery(session, ports.backbone.tables),
                untold=await untold(session, notices),
                index=await state(session),
                asked=await asked(session),
                sources=settings.sources,
                processes=processes,
                gone=self._gone.seen(processes, at),
                engines=engines,
                cabinet=cabinet,
                cabinet_lacks=lacks,
                claim_window=settings.claim_window_seconds,
            )

    async def _engines(self) -> Mapping[str, str]:
        checks = self._checks()
        return dict(zip(checks, await asyncio.gather(*map(tried, checks.values())), strict=True))

    async def _count_long(self) -> LongPeriods | None:
        try:
            async with asyncio.timeout(LONG_SECONDS):
                return await self._read_long()
        except Exception as error:  # noqa: BLE001 - whatever it is, all else can be told
            log.warning("answers_not_counted", error=repr(error))
            return None

    async def _read_long(self) -> LongPeriods:
        async with self._ports.backbone.database.reading() as session:
            now = await database_now(session)
            return LongPeriods(
                today=await decisions.counted(session, days_ago(now, 1, self._zone)),
                week=await decisions.counted(session, days_ago(now, WEEK, self._zone)),
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
