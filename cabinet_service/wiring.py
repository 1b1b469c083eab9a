"""The one place that builds cabinet's engines and says which function handles which message."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from cabinet_service.accounts import service as accounts
from cabinet_service.accounts.work import SendSignInCode
from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.adapters.recorder import Recorder
from cabinet_service.adapters.smtp import SmtpMailer
from cabinet_service.audit.models import AuditEntry
from cabinet_service.db import tables
from cabinet_service.inspections import handlers as inspections
from cabinet_service.inspections.service import drafts
from cabinet_service.notifications import handlers as notifications
from cabinet_service.notifications.work import SendNotification, SendTestMessage
from cabinet_service.photos import jobs as photos
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.ports import Mailer, Messenger, Ports
from cabinet_service.privacy import erasing, exporting
from cabinet_service.privacy.work import EraseAccount, EraseInspection, MakeExport
from cabinet_service.readings.reader import PhotoReader
from cabinet_service.settings import Settings
from cabinet_service.uploads import service as uploads
from service_kit import idempotency
from service_kit.backbone import Place, Tables, open_backbone
from service_kit.chores import Chore
from service_kit.inbox import Handlers
from service_kit.limiting import RateLimits
from service_kit.signing import KeyRing
from service_kit.tokens import TokenSigner
from shared_schemas.events import bpa_v1 as bpa

TABLES: Final = Tables(
    outbox=tables.outbox,
    inbox=tables.InboxMessage,
    incoming_streams=tables.IncomingStream,
    parked=tables.ParkedEvent,
    queued=tables.QueuedMessage,
    dead=tables.DeadLetter,
    hints=tables.LiveHint,
    audit_log=AuditEntry,
)


def place(settings: Settings) -> Place:
    """Where cabinet stands. Its own processes reach its API where everyone does."""
    return Place(
        database_url=settings.database_url,
        bus_url=settings.bus_url,
        service_keys=settings.service_keys,
        own_url=settings.public_url,
        peer_url=settings.peer_url,
        events_queue=tables.EVENTS_QUEUE,
        work_queue=tables.WORK_QUEUE,
        peer_queue=tables.PEER_QUEUE,
        peer_noun="cases",
    )


def rate_limits(settings: Settings) -> dict[str, str]:
    """How often what may be done, by names that the slices use."""
    return {
        "code_again": f"1/{settings.code_again_seconds} second",
        "codes_per_contact": settings.codes_per_contact,
        "codes_per_contact_a_day": settings.codes_per_contact_a_day,
        "codes_per_address": settings.codes_per_address,
        "sign_ins_per_address": settings.sign_ins_per_address,
        "refreshes_per_account": settings.refreshes_per_account,
        "refreshes_per_address": settings.refreshes_per_address,
        "numbers_per_address": settings.numbers_per_address,
        "test_messages_per_account": settings.test_messages_per_account,
        "readings_per_address": settings.readings_per_address,
        "readings_per_account": settings.readings_per_account,
    }


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncGenerator[Ports]:
    """Build what a process works with and close it at the end. Nothing connects before it is used."""
    async with open_backbone(place(settings), TABLES) as backbone, AsyncExitStack() as closing:
        mailer, messenger = _channels(settings)
        secrets = KeyRing(settings.secret_keys)
        yield Ports(
            settings=settings,
            backbone=backbone,
            files=DirectoryFileStore(settings.files_dir),
            mailer=mailer,
            messenger=messenger,
            limits=RateLimits(settings.cache_url, rate_limits(settings)),
            secrets=secrets,
            tokens=TokenSigner("cabinet", secrets),
            closing=closing,
        )


def photo_reader(ports: Ports) -> PhotoReader:
    """What the API reads numbers with."""
    reader = PhotoReader()
    ports.closing.push_async_callback(reader.close)
    return reader


def event_handlers(_ports: Ports) -> Handlers:
    """Who takes which event of bpa."""
    return {
        bpa.CaseQueuedV1: inspections.on_case_queued,
        bpa.CaseClaimedV1: inspections.on_case_claimed,
        bpa.CaseReleasedV1: inspections.on_case_released,
        bpa.CaseMessagePostedV1: inspections.on_case_message_posted,
        bpa.CaseUnprocessableV1: inspections.on_case_unprocessable,
        bpa.SecondOpinionRequestedV1: inspections.on_second_opinion_requested,
        bpa.SecondOpinionGivenV1: inspections.on_second_opinion_given,
        bpa.CaseErasedV1: erasing.on_case_erased,
        bpa.InfoTaskCreatedV1: inspections.on_info_task_created,
        bpa.InfoTaskWithdrawnV1: inspections.on_info_task_withdrawn,
        bpa.ClockPausedV1: inspections.on_clock_paused,
        bpa.ClockResumedV1: inspections.on_clock_resumed,
        bpa.SlaAtRiskV1: inspections.on_sla_at_risk,
        bpa.SlaBreachedV1: inspections.on_sla_breached,
        bpa.DecisionPreliminaryV1: inspections.on_decision_preliminary,
        bpa.DecisionIssuedV1: inspections.on_decision_issued,
        bpa.DecisionAmendedV1: inspections.on_decision_amended,
    }


def work_handlers(ports: Ports) -> Handlers:
    """Who does which piece of cabinet's own work."""
    previews = PreviewProcess()
    ports.closing.push_async_callback(previews.close)
    make_preview = partial(inspections.on_make_preview, files=ports.files, previews=previews)
    return {
        photos.MakePreview: make_preview,
        MakeExport: partial(exporting.on_make_export, ports=ports),
        EraseAccount: partial(erasing.on_erase_account, files=ports.files),
        EraseInspection: partial(erasing.on_erase_inspection, files=ports.files),
        SendSignInCode: partial(notifications.on_send_sign_in_code, ports=ports),
        SendNotification: partial(notifications.on_send_notification, ports=ports),
        SendTestMessage: partial(notifications.on_send_test_message, ports=ports),
    }


def chores(ports: Ports) -> list[Chore]:
    """What cabinet's worker tidies up."""
    patience = ports.settings.draft_patience
    return [
        Chore("drafts_expired", drafts.EXPIRY_EVERY, partial(drafts.expire_drafts, patience=patience)),
        Chore("orphan_files_swept", photos.SWEEP_EVERY, partial(photos.sweep, files=ports.files)),
        Chore("uploads_swept", uploads.SWEEP_EVERY, partial(uploads.sweep, files=ports.files)),
        Chore("exports_swept", exporting.SWEEP_EVERY, partial(exporting.sweep, files=ports.files)),
        Chore(
            "idempotency_keys_pruned",
            timedelta(hours=1),
            partial(idempotency.prune, table=tables.IdempotencyKey),
        ),
        Chore("expired_sign_ins_forgotten", timedelta(hours=1), accounts.forget_expired),
    ]


def _channels(settings: Settings) -> tuple[Mailer | None, Messenger | None]:
    """In development what is not configured is recorded; in production it is not there."""
    recorder = Recorder(settings.outbox_dir) if settings.is_development else None
    if settings.smtp_url:
        mailer: Mailer | None = SmtpMailer(settings.smtp_url, sender=settings.mail_from)
    else:
        mailer = recorder and recorder.mailer
    return mailer, recorder and recorder.messenger
