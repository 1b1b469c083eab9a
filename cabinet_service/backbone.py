"""What every process of cabinet has in common."""

from contextlib import AbstractAsyncContextManager

from cabinet_service.audit.models import AuditEntry
from cabinet_service.db.tables import TABLES
from cabinet_service.settings import Settings
from service_kit import backbone
from service_kit.backbone import Backbone


def open_backbone(settings: Settings) -> AbstractAsyncContextManager[Backbone]:
    """Nothing connects before it is used."""
    return backbone.open_backbone(settings, TABLES, AuditEntry, peer_noun="cases")
