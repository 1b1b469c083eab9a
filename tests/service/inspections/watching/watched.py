"""Watching, as a test does it, and the experts' side of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from cabinet_service.accounts.models import CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.notifications.models import Notification
from cabinet_service.watching import looking
from cabinet_service.watching.work import LookAtWatched
from service_kit.db import database_now
from shared_schemas.rest.previews import BlockCount, PreviewState, VehiclePreview
from tests.service.inspections.conftest import Case, Json, Person
from tests.support.delivery import waiting_work

DAY = looking.EVERY + looking.SPREAD
PLATE = {"plate": "А123ВС77"}
Answered = Callable[..., Awaitable[Case]]


class Files:
    """bpa's side of the wire: how many records its files have of whatever car it is asked for."""

    def __init__(self, ports: ApiPorts) -> None:
        self.ports = ports
        self.counts: dict[str, int] = {"gibdd": 2}
        self.state = PreviewState.KNOWN
        self.trouble: Exception | None = None
        self.is_slow = False
        self.asked: list[str] = []
        self._ahead = timedelta()

    async def get(self, target: str, body: Any) -> Any:
        self.asked.append(target)
        if self.trouble:
            raise self.trouble
        if self.is_slow:
            await asyncio.sleep(1)
            raise AssertionError("it was waited for")
        if self.state is PreviewState.UNKNOWN:
            return body.model_validate({"state": self.state})
        blocks = tuple(
            BlockCount(source=source, kind="service", records=count) for source, count in self.counts.items()
        )
        return body.model_validate(VehiclePreview(state=self.state, blocks=blocks).model_dump())

    async def look(self, *, later: timedelta = timedelta()) -> None:
        """What the worker does that much later than the last time: each car whose turn it is."""
        self._ahead += later
        database = self.ports.backbone.database
        done = {one.event_id for one in await waiting_work(self.ports.backbone)}
        async with database.writing() as session:
            await looking.have_looked_at(session, await database_now(session) + self._ahead)
        handler = partial(looking.on_look_at_watched, peer=self)  # type: ignore[arg-type] - it is asked for one thing
        inbox = self.ports.backbone.inbox({LookAtWatched: handler})
        for one in await waiting_work(self.ports.backbone):
            if one.type == LookAtWatched.TYPE and one.event_id not in done:
                await inbox.receive_in_transaction(database, one)

    async def told(self, person: Person) -> list[tuple[str, UUID]]:
        """The news of watched cars that the person is told of, in their order."""
        kinds = ("car_news", "watch_ended")
        async with self.ports.backbone.database.reading() as session:
            rows = await session.scalars(
                select(Notification)
                .where(Notification.person_id == person.account_id, Notification.kind.in_(kinds))
                .where(Notification.withdrawn_at.is_(None))
                .order_by(Notification.id)
            )
            return [(one.kind, one.subject_id) for one in rows]


async def begin(person: Person, case: Case) -> Json:
    answer = await person.send("PUT", f"{case.path}/watch")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def leave(ports: ApiPorts, person: Person) -> None:
    """The person works for no company any more."""
    async with ports.backbone.database.writing() as session:
        await session.execute(
            delete(CompanyMembership).where(CompanyMembership.account_id == person.account_id)
        )


async def listed(person: Person) -> list[Json]:
    return (await person.get("/watches")).json()
