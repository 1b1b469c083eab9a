"""Where alembic starts; `service_kit.migrations` calls it. Every table has to be imported here."""

from cabinet_service.accounts import models as _accounts
from cabinet_service.audit import models as _audit
from cabinet_service.consents import models as _consents
from cabinet_service.db import tables
from cabinet_service.inspections import models as _inspections
from cabinet_service.notifications import models as _notifications
from cabinet_service.photos import models as _photos
from cabinet_service.privacy import models as _privacy
from cabinet_service.uploads import models as _uploads
from service_kit.migrations import run_in_env

__all__ = [
    "_accounts",
    "_audit",
    "_consents",
    "_inspections",
    "_notifications",
    "_photos",
    "_privacy",
    "_uploads",
]

run_in_env(tables.Base.metadata)
