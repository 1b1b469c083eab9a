"""Builds cabinet's engines and says which function handles which message. The API adds `api_wiring`."""

from collections.abc import AsyncGenerator, Mapping
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
from cabinet_service.bulk import making as bulk
from cabinet_service.bulk import service as bulk_jobs
from cabinet_service.bulk.work import MakeBulkInspections
from cabinet_service.companies import withdrawing
from cabinet_service.inspections import handlers as inspections
from cabinet_service.inspections.afterwards import asking as asking_outcomes
from cabinet_service.inspections.drafting import service as drafting
from cabinet_service.inspections.evidence import handlers as evidence
from cabinet_service.max import service as max_service
from cabinet_service.max.running import Max
from cabinet_service.notifications import handlers as notifications
from cabinet_service.notifications import links
from cabinet_service.notifications import service as telling
from cabinet_service.notifications.notices import notices
from cabinet_service.notifications.people import Clients
from cabinet_service.notifications.work import SendAccountChanged, SendTestMessage
from cabinet_service.photos import jobs as photos
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.ports import FileStore, Ports
from cabinet_service.privacy import erasing, exporting, sandbox
from cabinet_service.privacy.ledger import Ledger
from cabinet_service.privacy.work import (
    CompleteErasure,
    EraseAccount,
    EraseHistory,
    EraseInspection,
    MakeExport,
)
from cabinet_service.reports import handlers as reports
from cabinet_service.reports.files import service as files_of_reports
from cabinet_service.reports.files.work import MakeReportFile
from cabinet_service.reports.sharing import service as sharing
from cabinet_service.reports.work import FetchHistory, FetchReport
from cabinet_service.request_log import service as request_log
from cabinet_service.settings import Settings
from cabinet_service.telegram import service as telegram_service
from cabinet_service.uploads import service as uploads
from cabinet_service.watching import looking
from cabinet_service.watching.work import LookAtWatched
from cabinet_service.webhooks import service as webhooks
from cabinet_service.webhooks.letters import on_send_webhook_news
from cabinet_service.webhooks.work import SendWebhookNews
from service_kit.chores import Chore
from service_kit.inbox import Handlers
from service_kit.max.messenger import MAX
from service_kit.notifying.channels import Channel, Manners
from service_kit.notifying.sender import Sender
from service_kit.processes import Job
from service_kit.signing import KeyRing
from service_kit.telegram.messenger import TELEGRAM
from shared_schemas.events.bpa_v1 import CaseErasedV1, HistoryForgottenV1, HistoryReadyV1, ReportReadyV1

if TYPE_CHECKING:
    from cabinet_service.reports.files.lane import Lane
    from cabinet_service.telegram.running import Telegram


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncGenerator[Ports]:
    """Build what a process works with and close it at the end. Nothing connects before it is used."""
    async with open_backbone(settings) as backbone, AsyncExitStack() as closing:
        yield Ports(
            settings=settings,
            backbone=backbone,
            files=_files(settings, closing),
            channels=_channels(settings, closing),
            secrets=KeyRing(settings.secret_keys),
            closing=closing,
        )


def event_handlers(_ports: Ports) -> Handlers:
    """Who takes which event of bpa."""
    return {
        **inspections.handlers(),
        CaseErasedV1: erasing.on_case_erased,
        HistoryForgottenV1: erasing.on_history_forgotten,
        HistoryReadyV1: reports.on_history_ready,
        ReportReadyV1: reports.on_report_ready,
    }


def work_handlers(ports: Ports) -> Handlers:
    """Who does which piece of cabinet's own work."""
    chats = _chats(_telegram(ports), _max(ports))
    make_preview = partial(evidence.on_make_preview, files=ports.files, previews=_previews(ports))
    return {
        photos.MakePreview: make_preview,
        MakeBulkInspections: bulk.on_make_bulk_inspections,
        MakeExport: partial(exporting.on_make_export, ports=ports),
        FetchReport: partial(reports.on_fetch_report, peer=ports.backbone.peer),
        FetchHistory: partial(reports.on_fetch_history, peer=ports.backbone.peer),
        LookAtWatched: partial(looking.on_look_at_watched, peer=ports.backbone.peer),
        MakeReportFile: files_of_reports.on_make_report_file,
        EraseAccount: partial(
            erasing.on_erase_account, files=ports.files, ledger=Ledger(ports.settings.erasures_file)
        ),
        EraseInspection: partial(erasing.on_erase_inspection, files=ports.files),
        EraseHistory: partial(erasing.on_erase_history, files=ports.files),
        CompleteErasure: erasing.on_complete_erasure,
        SendSignInCode: partial(notifications.on_send_sign_in_code, ports=ports, chats=chats),
        SendAccountChanged: partial(notifications.on_send_account_changed, ports=ports, chats=chats),
        SendTestMessage: partial(notifications.on_send_test_message, ports=ports),
        SendWebhookNews: partial(on_send_webhook_news, ports=ports),
    }


def chores(ports: Ports) -> list[Chore]:
    """What cabinet's worker tidies up."""
    patience = ports.settings.draft_patience
    # A process of its own, which starts where there is something to hash: new previews wait for no old one.
    hash_photos = partial(photos.hash_photos, files=ports.files, previews=_previews(ports))
    return [
        Chore("drafts_expired", drafting.EXPIRY_EVERY, partial(drafting.expire_drafts, patience=patience)),
        Chore(
            "outcomes_asked",
            asking_outcomes.ASK_EVERY,
            partial(asking_outcomes.ask_outcomes, after=ports.settings.outcome_asked_after),
        ),
        Chore("watched_cars_looked_at", looking.DUE_EVERY, looking.have_looked_at),
        Chore("orphan_files_swept", photos.SWEEP_EVERY, partial(photos.sweep, files=ports.files)),
        Chore("photos_hashed", photos.HASH_EVERY, hash_photos),
        Chore("uploads_swept", uploads.SWEEP_EVERY, partial(uploads.sweep, files=ports.files)),
        Chore("exports_swept", exporting.SWEEP_EVERY, partial(exporting.sweep, files=ports.files)),
        Chore("bulk_jobs_forgotten", bulk_jobs.FORGET_EVERY, bulk_jobs.forget_old),
        Chore("views_of_links_forgotten", timedelta(hours=1), sharing.forget_old),
        Chore("invitations_forgotten", timedelta(hours=1), withdrawing.forget_old),
        Chore(
            "report_files_swept",
            files_of_reports.SWEEP_EVERY,
            partial(files_of_reports.sweep, files=ports.files),
        ),
        Chore("notifications_forgotten", timedelta(hours=1), telling.forget_old),
        Chore("chats_forgotten", timedelta(hours=1), telegram_service.forget_old),
        Chore("chats_in_max_forgotten", timedelta(hours=1), max_service.forget_old),
        Chore("api_requests_forgotten", request_log.FORGOTTEN_EVERY, request_log.forget_old),
        Chore("webhooks_forgotten", webhooks.FORGOTTEN_EVERY, webhooks.forget_old),
        Chore("removed_webhooks_forgotten", webhooks.REMOVED_EVERY, webhooks.forget_removed),
        Chore("expired_sign_ins_forgotten", timedelta(hours=1), accounts.forget_expired),
        *(_tests_erased(ports) if ports.settings.sandbox else ()),
    ]


def _tests_erased(ports: Ports) -> list[Chore]:
    return [Chore("tests_erased", sandbox.ERASED_EVERY, partial(sandbox.erase_oldest, files=ports.files))]


def _previews(ports: Ports) -> PreviewProcess:
    previews = PreviewProcess()
    ports.closing.push_async_callback(previews.close)
    return previews


def jobs(ports: Ports) -> list[Job]:
    """What cabinet's worker does all the time."""
    telegram, in_max = _telegram(ports), _max(ports)
    own = [report_files(ports).run(), *(job for one in (telegram, in_max) if one for job in one.jobs())]
    return [_tell(ports, _chats(telegram, in_max)), _keep_index(ports), _send_webhooks(ports), *own]


async def _keep_index(ports: Ports) -> None:
    # Only here: only the worker makes documents.
    from cabinet_service.search.documents import INDEXED
    from service_kit.search.engines import keep

    await keep(ports.backbone, INDEXED)


async def _send_webhooks(ports: Ports) -> None:
    # Only here: only the worker sends.
    from cabinet_service.webhooks.sending import send_webhooks

    await send_webhooks(ports)


def report_files(ports: Ports) -> "Lane":
    """What makes the PDF of reports, in the worker."""
    # Only here: what signs takes 26 MiB, in the worker alone.
    from cabinet_service.reports.files.lane import Lane
    from cabinet_service.reports.files.making import Workshop
    from cabinet_service.reports.pdf.typesetting import Typesetter
    from cabinet_service.reports.signing.choosing import key_of

    backbone, settings = ports.backbone, ports.settings
    typesetter = Typesetter()
    ports.closing.push_async_callback(typesetter.close)
    workshop = Workshop(
        files=ports.files,
        typesetter=typesetter,
        key=key_of(settings),
        tsa_url=settings.report_tsa_url,
        public_url=settings.public_url,
        zone=settings.zone_of_reports,
        development=settings.is_development,
    )
    return Lane(backbone.database, backbone.listener, workshop)


async def _tell(ports: Ports, chats: Mapping[str, Channel]) -> None:
    # Only here: what it is made of is 6 MiB in each process that tells nobody.
    from service_kit.notifying.push import web_push

    manners = {one.name: one.manners for one in (TELEGRAM, MAX)}
    in_chats = {name: (channel, manners[name]) for name, channel in chats.items()}
    async with web_push(ports.settings, ports.secrets) as push:
        await sender(replace(ports, channels={"push": push, **in_chats, **ports.channels})).run()


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


def _max(ports: Ports) -> Max | None:
    """The bot in MAX, where there is one."""
    if not ports.settings.max_token:
        return None
    in_max = Max(ports)
    ports.closing.push_async_callback(in_max.bot.close)
    return in_max


def _chats(telegram: "Telegram | None", in_max: Max | None) -> dict[str, Channel]:
    """The messengers that there are, as channels."""
    chats: dict[str, Channel] = {}
    if telegram:
        chats[TELEGRAM.name] = telegram.channel()
    if in_max:
        chats[MAX.name] = in_max.channel()
    return chats


def _files(settings: Settings, closing: AsyncExitStack) -> FileStore:
    if not settings.files_url:
        return DirectoryFileStore(settings.files_dir)
    # Not at the top: the library takes memory of every process, and is needed where there is a bucket.
    from cabinet_service.adapters.object_files import ObjectFileStore, bucket_of

    files = ObjectFileStore(bucket_of(settings))
    closing.callback(files.close)
    return files


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
