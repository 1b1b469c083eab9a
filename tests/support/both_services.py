"""Both services in this process, and what moves between them moved here and now instead of by their processes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select, update

import bpa_service.wiring
import cabinet_service.wiring
from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.entrypoints.app import create_app as create_bpa
from bpa_service.search.documents import INDEXED as CASES
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.search.documents import INDEXED as INSPECTIONS
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.backbone import Backbone
from service_kit.bus import RetryLater
from service_kit.inbox import Inbox
from service_kit.outbox import envelope_of
from service_kit.search.engines import Indexed
from service_kit.search.keeping.upkeep import Upkeep
from service_kit.search.postgres.index import PostgresIndex
from tests.support.api import running

BATCH = 500


@dataclass
class Side:
    """One service, and who keeps its index: None where that is away. `later`: why something waits there."""

    backbone: Backbone
    events: Inbox
    work: Inbox
    upkeep: Upkeep | None
    later: RetryLater | None = None


@dataclass(frozen=True)
class BothServices:
    """Their engines, their apps, and a client of each API."""

    cabinet: CabinetPorts
    bpa: BpaPorts
    cabinet_app: FastAPI
    cabinet_api: httpx.AsyncClient
    bpa_api: httpx.AsyncClient
    sides: tuple[Side, Side]

    async def settle(self) -> None:
        """Publish, take in and work off until there is nothing left to do. Raises what a handler raises.

        What is to be tried later is, as long as keeping the indexes helps it.
        """
        here, there = self.sides
        while True:
            while await self._move(here, there) + await self._move(there, here):
                pass
            later = here.later or there.later
            if later is None:
                return
            if not await self.keep_indexes():
                raise later

    async def keep_indexes(self) -> int:
        """Have everything be found that is there; returns in how many steps."""
        steps = 0
        for side in self.sides:
            while side.upkeep is not None and await side.upkeep.step():
                steps += 1
        return steps

    async def _move(self, side: Side, peer: Side) -> int:
        """Deliver what waits in one outbox; returns how much took effect."""
        tables = side.backbone.tables
        table, queues = tables.outbox.table, tables.queues
        async with side.backbone.database.reading() as session:
            rows = (
                await session.scalars(
                    select(table).where(table.sent_at.is_(None)).order_by(table.position).limit(BATCH)
                )
            ).all()
        postponed, side.later = 0, None
        for row in rows:
            inbox, target = {
                queues.work: (side.work, side),
                queues.events: (side.events, side),
                queues.peer: (peer.events, peer),
            }[row.queue]
            try:
                await inbox.receive_in_transaction(target.backbone.database, envelope_of(row))
            except RetryLater as error:
                postponed, side.later = postponed + 1, error
                continue
            async with side.backbone.database.writing() as session:
                sent = update(table).where(table.event_id == row.event_id)
                await session.execute(sent.values(sent_at=func.transaction_timestamp()))
        return len(rows) - postponed


@asynccontextmanager
async def both(
    cabinet_settings: CabinetSettings, bpa_settings: BpaSettings, cabinet: CabinetPorts, bpa: BpaPorts
) -> AsyncGenerator[BothServices]:
    """Both services, on the databases of `cabinet` and `bpa`."""
    cabinet_app, bpa_app = create_cabinet(cabinet_settings), create_bpa(bpa_settings)
    async with running(cabinet_app) as cabinet_api, running(bpa_app) as bpa_api:
        # What cabinet asks of bpa goes to the app in this process.
        cabinet.backbone.peer._client = bpa_api  # pyright: ignore[reportPrivateUsage] - a test looks inside
        yield BothServices(
            cabinet,
            bpa,
            cabinet_app,
            cabinet_api,
            bpa_api,
            (
                Side(
                    cabinet.backbone,
                    cabinet.backbone.inbox(cabinet_service.wiring.event_handlers(cabinet)),
                    cabinet.backbone.inbox(cabinet_service.wiring.work_handlers(cabinet)),
                    _upkeep(cabinet.backbone, INSPECTIONS),
                ),
                Side(
                    bpa.backbone,
                    bpa.backbone.inbox(bpa_service.wiring.event_handlers(bpa)),
                    bpa.backbone.inbox(bpa_service.wiring.work_handlers(bpa)),
                    _upkeep(bpa.backbone, CASES),
                ),
            ),
        )


def _upkeep(backbone: Backbone, indexed: Indexed) -> Upkeep:
    index = PostgresIndex(backbone.database.pool)
    return Upkeep(backbone.database, backbone.listener, index, indexed.source, made_of=indexed.form)
