"""Builds what bpa works with and says which function handles which message. The API adds `api_wiring`."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bpa_service.backbone import open_backbone
from bpa_service.cases import handlers as cases
from bpa_service.cases.arranging import service as arranging
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.ticking import ticker
from bpa_service.evidence import comparing
from bpa_service.experts.factors.models import passkeys
from bpa_service.experts.models import sign_ins
from bpa_service.notifications import service as telling
from bpa_service.notifications.notices import notices
from bpa_service.notifications.people import Experts
from bpa_service.ports import Ports
from bpa_service.settings import Settings
from bpa_service.shifts import service as shifts
from bpa_service.telegram.tables import updates as chats
from service_kit.chores import Chore
from service_kit.inbox import Handlers
from service_kit.notifying.sender import Sender
from service_kit.processes import Job
from service_kit.signing import KeyRing
from service_kit.telegram.saying import MANNERS as TELEGRAM_MANNERS
from service_kit.telegram.saying import NAME

if TYPE_CHECKING:
    from bpa_service.telegram.running import Telegram


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncGenerator[Ports]:
    """Build what a process works with and close it at the end. Nothing connects before it is used."""
    async with open_backbone(settings) as backbone, AsyncExitStack() as closing:
        secrets = KeyRing(settings.secret_keys)
        yield Ports(settings=settings, backbone=backbone, secrets=secrets, channels={}, closing=closing)


def event_handlers(ports: Ports) -> Handlers:
    """Who takes which event of cabinet."""
    return cases.handlers(Policy.of(ports.settings))


def work_handlers(_ports: Ports) -> Handlers:
    """Who does which piece of bpa's own work."""
    return {}


def jobs(ports: Ports) -> list[Job]:
    """What bpa's worker does all the time."""
    telegram = _telegram(ports)
    return [_tell(ports, telegram), *(telegram.jobs() if telegram else ())]


async def _tell(ports: Ports, telegram: "Telegram | None") -> None:
    # Only here: what it is made of is 6 MiB in each process that tells nobody.
    from service_kit.notifying.push import web_push

    chats = {NAME: (telegram.channel(), TELEGRAM_MANNERS)} if telegram else {}
    async with web_push(ports.settings, ports.secrets) as push:
        await sender(replace(ports, channels={"push": push, **chats, **ports.channels})).run()


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
        Chore("photos_compared", comparing.EVERY, compare),
        Chore("notifications_forgotten", timedelta(hours=1), telling.forget_old),
        Chore("chats_forgotten", timedelta(hours=1), chats.forget_old),
        Chore("expert_sessions_pruned", timedelta(hours=1), sign_ins.forget_expired),
        Chore("presence_forgotten", timedelta(minutes=10), shifts.forget_absent),
        Chore("snoozes_forgotten", timedelta(hours=1), arranging.forget_snoozes),
        Chore("passkey_challenges_forgotten", timedelta(hours=1), passkeys.forget_expired),
    ]
