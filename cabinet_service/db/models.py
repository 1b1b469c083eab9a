"""Every table of the service: what migrations are made from and compared with. A new models.py is named here."""

from cabinet_service.accounts import models as accounts
from cabinet_service.audit import models as audit
from cabinet_service.consents import models as consents
from cabinet_service.db import tables
from cabinet_service.db.base import Base
from cabinet_service.inspections.answers import models as answers
from cabinet_service.inspections.core import models as inspections
from cabinet_service.inspections.disputes import models as disputes
from cabinet_service.inspections.talking import models as talking
from cabinet_service.notifications import models as notifications
from cabinet_service.photos import models as photos
from cabinet_service.privacy import models as privacy
from cabinet_service.telegram import models as telegram
from cabinet_service.uploads import models as uploads

__all__ = [
    "Base",
    "accounts",
    "answers",
    "audit",
    "consents",
    "disputes",
    "inspections",
    "notifications",
    "photos",
    "privacy",
    "tables",
    "talking",
    "telegram",
    "uploads",
]
