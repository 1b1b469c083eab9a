"""The one place that builds what bpa works with and says which function handles which message."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from functools import partial
from typing import Final

from bpa_service.adapters.argon2 import Argon2Passwords
from bpa_service.audit.models import AuditEntry
from bpa_service.cases import handlers as cases
from bpa_service.cases.policy import Policy
from bpa_service.cases.ticker import Ticker
from bpa_service.db import tables
from bpa_service.experts import service as experts
from bpa_service.experts.factors.models import passkeys
from bpa_service.ports import Ports
from bpa_service.settings import Settings
from bpa_service.shifts import service as shifts
from service_kit import idempotency
from service_kit.backbone import Place, Tables, open_backbone
from service_kit.chores import Chore
from service_kit.inbox import Handlers
from service_kit.limiting import RateLimits
from service_kit.sealing import Seal
from service_kit.signing import KeyRing
from service_kit.tokens import TokenSigner
from shared_schemas.events import cabinet_v1 as cabinet

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
    """Where bpa stands. Its own processes reach its API where everyone does."""
    return Place(
        database_url=settings.database_url,
        bus_url=settings.bus_url,
        service_keys=settings.service_keys,
        own_url=settings.public_url,
        peer_url=settings.peer_url,
        events_queue=tables.EVENTS_QUEUE,
        work_queue=tables.WORK_QUEUE,
        peer_queue=tables.PEER_QUEUE,
        peer_noun="inspections",
    )


def rate_limits(settings: Settings) -> dict[str, str]:
    """How often what may be done, by names that the slices use."""
    return {
        "sign_ins_per_login": settings.sign_ins_per_login,
        "sign_ins_per_address": settings.sign_ins_per_address,
        "refreshes_per_account": settings.refreshes_per_account,
        "refreshes_per_address": settings.refreshes_per_address,
    }


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncGenerator[Ports]:
    """Build what a process works with and close it at the end. Nothing connects before it is used.

    Raises ValueError for opening hours that cannot be read.
    """
    Policy.of(settings)
    async with open_backbone(place(settings), TABLES) as backbone:
        with closing(Argon2Passwords()) as passwords:
            yield Ports(
                settings=settings,
                backbone=backbone,
                limits=RateLimits(settings.cache_url, rate_limits(settings)),
                passwords=passwords,
                tokens=TokenSigner("bpa", KeyRing(settings.secret_keys)),
                seal=Seal(settings.secret_keys, purpose=experts.SEALED),
            )


def event_handlers(ports: Ports) -> Handlers:
    """Who takes which event of cabinet."""
    policy = Policy.of(ports.settings)
    return {
        cabinet.InspectionSubmittedV1: partial(cases.on_inspection_submitted, policy=policy),
        cabinet.InspectionEvidenceAddedV1: partial(cases.on_inspection_evidence_added, policy=policy),
        cabinet.InspectionOriginalReceivedV1: partial(cases.on_inspection_original_received, policy=policy),
        cabinet.InspectionMessagePostedV1: partial(cases.on_inspection_message_posted, policy=policy),
        cabinet.InspectionCancelledV1: partial(cases.on_inspection_cancelled, policy=policy),
        cabinet.InspectionClosedV1: partial(cases.on_inspection_closed, policy=policy),
        cabinet.InspectionErasedV1: partial(cases.on_inspection_erased, policy=policy),
        cabinet.InfoTaskNotifiedV1: partial(cases.on_info_task_notified, policy=policy),
        cabinet.InfoTaskFulfilledV1: partial(cases.on_info_task_fulfilled, policy=policy),
        cabinet.InfoTaskDeclinedV1: partial(cases.on_info_task_declined, policy=policy),
        cabinet.DisputeOpenedV1: partial(cases.on_dispute_opened, policy=policy),
    }


def ticker(ports: Ports) -> Ticker:
    """What lets time pass for the cases."""
    settings = ports.settings
    return Ticker(ports.backbone.database, Policy.of(settings), interval=settings.tick_seconds)


def work_handlers(_ports: Ports) -> Handlers:
    """Who does which piece of bpa's own work."""
    return {}


def chores() -> list[Chore]:
    """What bpa's worker tidies up."""
    return [
        Chore("expert_sessions_pruned", timedelta(hours=1), experts.prune_sessions),
        Chore("presence_forgotten", timedelta(minutes=10), shifts.forget_absent),
        Chore("passkey_challenges_forgotten", timedelta(hours=1), passkeys.forget_expired),
        Chore(
            "idempotency_keys_pruned",
            timedelta(hours=1),
            partial(idempotency.prune, table=tables.IdempotencyKey),
        ),
    ]
