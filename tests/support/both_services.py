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
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.backbone import Backbone
from service_kit.inbox import Inbox
from service_kit.outbox import envelope_of
from tests.support.api import running

BATCH = 500


@dataclass(frozen=True)
class _Side:
    backbone: Backbone
    events: Inbox
    work: Inbox


@dataclass(frozen=True)
class BothServices:
    """Their engines, their apps, and a client of each API."""

    cabinet: CabinetPorts
    bpa: BpaPorts
    cabinet_app: FastAPI
    cabinet_api: httpx.AsyncClient
    bpa_api: httpx.AsyncClient
    _sides: tuple[_Side, _Side]

    async def settle(self) -> None:
        """Publish, take in and work off until there is nothing left to do. Raises what a handler raises."""
        here, there = self._sides
        while await self._move(here, there) + await self._move(there, here):
            pass

    async def _move(self, side: _Side, peer: _Side) -> int:
        """Deliver what waits in one outbox; returns how much that was."""
        tables = side.backbone.tables
        table, queues = tables.outbox.table, tables.queues
        async with side.backbone.database.reading() as session:
            rows = (
                await session.scalars(
                    select(table).where(table.sent_at.is_(None)).order_by(table.position).limit(BATCH)
                )
            ).all()
        for row in rows:
            inbox, target = {
                queues.work: (side.work, side),
                queues.events: (side.events, side),
                queues.peer: (peer.events, peer),
            }[row.queue]
            await inbox.receive_in_transaction(target.backbone.database, envelope_of(row))
            async with side.backbone.database.writing() as session:
                sent = update(table).where(table.event_id == row.event_id)
                await session.execute(sent.values(sent_at=func.transaction_timestamp()))
        return len(rows)


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
                _Side(
                    cabinet.backbone,
                    cabinet.backbone.inbox(cabinet_service.wiring.event_handlers(cabinet)),
                    cabinet.backbone.inbox(cabinet_service.wiring.work_handlers(cabinet)),
                ),
                _Side(
                    bpa.backbone,
                    bpa.backbone.inbox(bpa_service.wiring.event_handlers(bpa)),
                    bpa.backbone.inbox(bpa_service.wiring.work_handlers(bpa)),
                ),
            ),
        )
