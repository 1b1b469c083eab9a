"""Builds what bpa works with and says which function handles which message. The API adds `api_wiring`."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bpa_service.backbone import open_backbone
from bpa_service.cases import handlers as cases
from bpa_service.cases.arranging import service as arranging
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.deciding.work import MakeReport
from bpa_service.cases.personal.confirming import on_confirm_erasure
from bpa_service.cases.personal.work import ConfirmErasure
from bpa_service.cases.ticking import ticker
from bpa_service.evidence import comparing
from bpa_service.experts.factors.models import passkeys
from bpa_service.experts.models import sign_ins
from bpa_service.histories import handlers as histories
from bpa_service.histories import service as ordered_histories
from bpa_service.notifications import service as telling
from bpa_service.notifications.notices import notices
from bpa_service.notifications.people import Experts
from bpa_service.ports import Ports
from bpa_service.search.views import forgetting as kept_questions
from bpa_service.settings import Settings
from bpa_service.shifts import service as shifts
from bpa_service.telegram import offers
from bpa_service.telegram.tables import updates as chats
from bpa_service.vehicles.enquiries.work import AskSource, SourcesHeard
from bpa_service.vehicles.importing import running
from service_kit.chores import Chore
from service_kit.db import Session
from service_kit.inbox import Handlers, Incoming
from service_kit.notifying.sender import Sender
from service_kit.processes import Job
from service_kit.signing import KeyRing
from service_kit.telegram.messenger import TELEGRAM

if TYPE_CHECKING:
    from bpa_service.reports.service import Library
    from bpa_service.telegram.running import Telegram
    from bpa_service.vehicles.store.records import VehicleRecords


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncGenerator[Ports]:
    """Build what a process works with and close it at the end. Nothing connects before it is used."""
    if settings.sources or settings.source_addresses or settings.source_headers:
        # Only here: whoever asks nobody does without the mappings.
        from bpa_service.vehicles.enquiries import asked_sources

        asked_sources.check(settings)
    async with open_backbone(settings) as backbone, AsyncExitStack() as closing:
        yield Ports(
            settings=settings,
            backbone=backbone,
            secrets=KeyRing(settings.secret_keys),
            channels={},
            closing=closing,
            nudged=defaultdict(asyncio.Event),
        )


def event_handlers(ports: Ports) -> Handlers:
    """Who takes which event of cabinet."""
    return {
        **cases.handlers(Policy.of(ports.settings), forget_numbers=kept_questions.forget),
        **histories.handlers(ports.settings.sources),
    }


def work_handlers(ports: Ports) -> Handlers:
    """Who does which piece of bpa's own work."""

    async def ask_source(_session: Session, work: AskSource, _incoming: Incoming) -> None:
        ports.nudged[work.source].set()

    return {
        AskSource: ask_source,
        ConfirmErasure: on_confirm_erasure,
        **_makers(ports),
    }


def _makers(ports: Ports) -> Handlers:
    """Who makes reports."""

    @cache
    def library() -> "Library":
        # Only here, once there is a report to make: what it knows of the sources is some megabytes.
        from bpa_service.reports.service import Library
        from bpa_service.vehicles.learning.current import CurrentRules
        from bpa_service.vehicles.lookup.finding import Finder

        settings, database = ports.settings, ports.backbone.database
        rules = CurrentRules(database)
        ports.closing.push_async_callback(rules.close)
        finder = Finder(database, vehicle_records(settings, ports.closing), settings.sources)
        return Library(finder, rules)

    async def make_report(session: Session, work: MakeReport, incoming: Incoming) -> None:
        from bpa_service.reports.handlers import Maker

        await Maker(Policy.of(ports.settings), library()).on_make_report(session, work, incoming)

    async def make_history(session: Session, work: SourcesHeard, incoming: Incoming) -> None:
        from bpa_service.histories.making import Maker

        await Maker(library()).on_sources_heard(session, work, incoming)

    return {MakeReport: make_report, SourcesHeard: make_history}


def vehicle_records(settings: Settings, closing: AsyncExitStack) -> "VehicleRecords | None":
    """Where they are kept; None if nowhere. Nothing connects before it is used."""
    if not settings.clickhouse_url:
        return None
    # Not at the top: the driver is only where there is a store.
    from bpa_service.adapters.clickhouse import ClickHouse
    from bpa_service.vehicles.store.records import VehicleRecords

    # A thread that waits for an engine that hangs is free again soon after nobody waits for it any more.
    engine = ClickHouse(settings.clickhouse_url, connections=8, seconds=5)
    closing.push_async_callback(engine.close)
    return VehicleRecords(engine)


def jobs(ports: Ports) -> list[Job]:
    """What bpa's worker does all the time."""
    telegram = _telegram(ports)
    asking = [_ask_sources(ports)] if ports.settings.sources else []
    records = [*_imports(ports), _learn(ports)] if ports.settings.clickhouse_url else []
    chats = telegram.jobs() if telegram else ()
    return [_tell(ports, telegram), _keep_index(ports), *chats, *asking, *records]


def _imports(ports: Ports) -> list[Job]:
    settings, database = ports.settings, ports.backbone.database
    importing: list[Job] = [running.Imports(database).run()]
    if settings.drop_folder:
        # Only here: what it knows of the sources is some megabytes.
        from bpa_service.vehicles.importing.dropping import DropFolder

        importing.append(DropFolder(settings.drop_folder, database).watch())
    return importing


async def _keep_index(ports: Ports) -> None:
    # Only here: only the worker makes documents.
    from bpa_service.search.documents import INDEXED
    from service_kit.search.engines import keep

    await keep(ports.backbone, INDEXED)


async def _tell(ports: Ports, telegram: "Telegram | None") -> None:
    # Only here: what it is made of is 6 MiB in each process that tells nobody.
    from service_kit.notifying.push import web_push

    chats = {TELEGRAM.name: (telegram.channel(), TELEGRAM.manners)} if telegram else {}
    async with web_push(ports.settings, ports.secrets) as push:
        await sender(replace(ports, channels={"push": push, **chats, **ports.channels})).run()


async def _ask_sources(ports: Ports) -> None:
    # Only here: mappings, and a client of HTTP, of those alone who ask.
    from bpa_service.vehicles.enquiries.lanes import ask_sources

    await ask_sources(ports)


async def _learn(ports: Ports) -> None:
    # Only here: the engine's driver, where there is an engine.
    from bpa_service.adapters.clickhouse import ClickHouse
    from bpa_service.vehicles.learning.service import learn_daily

    # Counting all that there is takes its time.
    engine = ClickHouse(ports.settings.clickhouse_url, connections=1, seconds=3600)
    try:
        await learn_daily(ports.backbone.database, engine)
    finally:
        await engine.close()


def sender(ports: Ports) -> Sender:
    """What tells experts what happened."""
    backbone = ports.backbone
    people = Experts(ports.settings.public_url)
    return Sender(backbone.database, backbone.listener, notices, people, ports.channels)


def _telegram(ports: Ports) -> "Telegram | None":
    """The bot, where there is one."""
    if not ports.settings.telegram_token:
        return None
    # Not at the top: the library takes 10 MB, of the worker alone and only where there is a bot.
    from bpa_service.telegram.running import Telegram

    telegram = Telegram(ports)
    ports.closing.push_async_callback(telegram.bot.close)
    return telegram


def chores(ports: Ports) -> list[Chore]:
    """What bpa's worker does now and then: it runs the clocks, and tidies up."""
    settings = ports.settings
    compare = partial(comparing.compare, peer=ports.backbone.peer)
    tick = partial(ticker.tick, policy=Policy.of(settings))
    return [
        Chore("cases_ticked", timedelta(seconds=settings.tick_seconds), tick),
        Chore("histories_due", ordered_histories.DUE_EVERY, ordered_histories.have_due_made),
        Chore("photos_compared", comparing.EVERY, compare),
        Chore("notifications_forgotten", timedelta(hours=1), telling.forget_old),
        Chore("chats_forgotten", timedelta(hours=1), chats.forget_old),
        Chore("chat_offers_forgotten", timedelta(hours=1), offers.forget_old),
        Chore("expert_sessions_pruned", timedelta(hours=1), sign_ins.forget_expired),
        Chore("presence_forgotten", timedelta(minutes=10), shifts.forget_absent),
        Chore("snoozes_forgotten", timedelta(hours=1), arranging.forget_snoozes),
        Chore("passkey_challenges_forgotten", timedelta(hours=1), passkeys.forget_expired),
        *(_imports_tidied(settings.imports_dir) if settings.imports_dir else ()),
        *(_played(settings) if settings.sandbox else ()),
    ]


def _played(settings: Settings) -> list[Chore]:
    # Only here: nobody plays but in a sandbox.
    from bpa_service.sandbox.playing import play

    play_tests = partial(play, policy=Policy.of(settings))
    return [Chore("sandbox_played", timedelta(seconds=settings.tick_seconds), play_tests)]


def _imports_tidied(folder: Path) -> list[Chore]:
    return [Chore("imports_tidied", timedelta(hours=1), partial(running.tidy, folder=folder))]
