"""What every process of bpa has in common."""

from contextlib import AbstractAsyncContextManager

from bpa_service.audit.models import AuditEntry
from bpa_service.db.tables import TABLES
from bpa_service.settings import Settings
from service_kit import backbone
from service_kit.backbone import Backbone


def open_backbone(settings: Settings) -> AbstractAsyncContextManager[Backbone]:
    """Nothing connects before it is used."""
    return backbone.open_backbone(settings, TABLES, AuditEntry, peer_noun="inspections")
