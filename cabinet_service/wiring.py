"""Builds cabinet's engines and says which function handles which message. The API adds `api_wiring`."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from cabinet_service.accounts import service as accounts
from cabinet_service.accounts.work import SendSignInCode
from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.adapters.recorder import Recorder
from cabinet_service.adapters.sms import SmsGateway
from cabinet_service.adapters.smtp import SmtpMailer
from cabinet_service.backbone import open_backbone
from cabinet_service.inspections import handlers as inspections
from cabinet_service.inspections.drafting import service as drafting
from cabinet_service.inspections.evidence import handlers as evidence
from cabinet_service.notifications import handlers as notifications
from cabinet_service.notifications import links
from cabinet_service.notifications import service as telling
from cabinet_service.notifications.notices import notices
from cabinet_service.notifications.people import Clients
from cabinet_service.notifications.work import SendTestMessage
from cabinet_service.photos import jobs as photos
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.ports import Ports
from cabinet_service.privacy import erasing, exporting
from cabinet_service.privacy.work import EraseAccount, EraseInspection, MakeExport
from cabinet_service.settings import Settings
from cabinet_service.telegram import service as telegram_service
from cabinet_service.uploads import service as uploads
from service_kit.chores import Chore
from service_kit.inbox import Handlers
from service_kit.notifying.channels import Channel, Manners
from service_kit.notifying.sender import Sender
from service_kit.processes import Job
from service_kit.signing import KeyRing
from service_kit.telegram.saying import MANNERS as TELEGRAM_MANNERS
from service_kit.telegram.saying import NAME
from shared_schemas.events.bpa_v1 import CaseErasedV1

if TYPE_CHECKING:
    from cabinet_service.telegram.running import Telegram


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncGenerator[Ports]:
    """Build what a process works with and close it at the end. Nothing connects before it is used."""
    async with open_backbone(settings) as backbone, AsyncExitStack() as closing:
        yield Ports(
            settings=settings,
            backbone=backbone,
            files=DirectoryFileStore(settings.files_dir),
            channels=_channels(settings, closing),
            secrets=KeyRing(settings.secret_keys),
            closing=closing,
        )


def event_handlers(_ports: Ports) -> Handlers:
    """Who takes which event of bpa."""
    return {**inspections.handlers(), CaseErasedV1: erasing.on_case_erased}


def work_handlers(ports: Ports) -> Handlers:
    """Who does which piece of cabinet's own work."""
    telegram = _telegram(ports)
    make_preview = partial(evidence.on_make_preview, files=ports.files, previews=_previews(ports))
    return {
        photos.MakePreview: make_preview,
        MakeExport: partial(exporting.on_make_export, ports=ports),
        EraseAccount: partial(erasing.on_erase_account, files=ports.files),
        EraseInspection: partial(erasing.on_erase_inspection, files=ports.files),
        SendSignInCode: partial(
            notifications.on_send_sign_in_code, ports=ports, chats=telegram.channel() if telegram else None
        ),
        SendTestMessage: partial(notifications.on_send_test_message, ports=ports),
    }


def chores(ports: Ports) -> list[Chore]:
    """What cabinet's worker tidies up."""
    patience = ports.settings.draft_patience
    # A process of its own, which starts where there is something to hash: new previews wait for no old one.
    hash_photos = partial(photos.hash_photos, files=ports.files, previews=_previews(ports))
    return [
        Chore("drafts_expired", drafting.EXPIRY_EVERY, partial(drafting.expire_drafts, patience=patience)),
        Chore("orphan_files_swept", photos.SWEEP_EVERY, partial(photos.sweep, files=ports.files)),
        Chore("photos_hashed", photos.HASH_EVERY, hash_photos),
        Chore("uploads_swept", uploads.SWEEP_EVERY, partial(uploads.sweep, files=ports.files)),
        Chore("exports_swept", exporting.SWEEP_EVERY, partial(exporting.sweep, files=ports.files)),
        Chore("notifications_forgotten", timedelta(hours=1), telling.forget_old),
        Chore("chats_forgotten", timedelta(hours=1), telegram_service.forget_old),
        Chore("expired_sign_ins_forgotten", timedelta(hours=1), accounts.forget_expired),
    ]


def _previews(ports: Ports) -> PreviewProcess:
    previews = PreviewProcess()
    ports.closing.push_async_callback(previews.close)
    return previews


def jobs(ports: Ports) -> list[Job]:
    """What cabinet's worker does all the time."""
    telegram = _telegram(ports)
    return [_tell(ports, telegram), *(telegram.jobs() if telegram else ())]


async def _tell(ports: Ports, telegram: "Telegram | None") -> None:
    # Only here: what it is made of is 6 MiB in each process that tells nobody.
    from service_kit.notifying.push import web_push

    chats = {NAME: (telegram.channel(), TELEGRAM_MANNERS)} if telegram else {}
    async with web_push(ports.settings, ports.secrets) as push:
        await sender(replace(ports, channels={"push": push, **chats, **ports.channels})).run()


def sender(ports: Ports) -> Sender:
    """What tells clients what happened."""
    backbone = ports.backbone
    people = Clients(ports.settings.public_url)
    return Sender(backbone.database, backbone.listener, notices, people, ports.channels)


def _telegram(ports: Ports) -> "Telegram | None":
    """The bot, where there is one."""
    if not ports.settings.telegram_token:
        return None
    # Not at the top: the library takes 10 MB, of the worker alone and only where there is a bot.
    from cabinet_service.telegram.running import Telegram

    telegram = Telegram(ports)
    ports.closing.push_async_callback(telegram.bot.close)
    return telegram


def _channels(settings: Settings, closing: AsyncExitStack) -> dict[str, tuple[Channel, Manners]]:
    """In development what is not configured is recorded; in production it is not there."""
    channels: dict[str, tuple[Channel, Manners]] = {}
    if settings.is_development:
        recorder = Recorder(settings.outbox_dir)
        channels |= {name: (recorder.channel(name), Manners()) for name in ("email", "phone")}
    if settings.smtp_server:
        unsubscribe = partial(links.address, KeyRing(settings.secret_keys), settings.public_url)
        mailer = SmtpMailer(settings.smtp_server, sender=settings.sender, unsubscribe=unsubscribe)
        channels["email"] = mailer, Manners()
    if settings.sms_url:
        sms = SmsGateway(settings.sms_url, settings.sms_token)
        closing.push_async_callback(sms.close)
        channels["phone"] = sms, Manners()
    return channels
