"""Every table of the service: what migrations are made from and compared with. A new models.py is named here."""

from cabinet_service.accounts import models as accounts
from cabinet_service.audit import models as audit
from cabinet_service.bulk import models as bulk
from cabinet_service.companies import models as companies
from cabinet_service.companies.logos import models as company_logos
from cabinet_service.consents import models as consents
from cabinet_service.db import tables
from cabinet_service.db.base import Base
from cabinet_service.histories import models as histories
from cabinet_service.inspections.afterwards import models as afterwards
from cabinet_service.inspections.answers import models as answers
from cabinet_service.inspections.core import models as inspections
from cabinet_service.inspections.disputes import models as disputes
from cabinet_service.inspections.talking import models as talking
from cabinet_service.inspections.yard import models as yard
from cabinet_service.max import models as max_chats
from cabinet_service.notifications import models as notifications
from cabinet_service.photos import models as photos
from cabinet_service.privacy import models as privacy
from cabinet_service.reports import models as reports
from cabinet_service.reports.badges import models as badges
from cabinet_service.reports.files import models as report_files
from cabinet_service.reports.sharing import models as sharing
from cabinet_service.request_log import models as request_log
from cabinet_service.search import models as search
from cabinet_service.telegram import models as telegram
from cabinet_service.uploads import models as uploads
from cabinet_service.watching import models as watching
from cabinet_service.webhooks import models as webhooks

__all__ = [
    "Base",
    "accounts",
    "afterwards",
    "answers",
    "audit",
    "badges",
    "bulk",
    "companies",
    "company_logos",
    "consents",
    "disputes",
    "histories",
    "inspections",
    "max_chats",
    "notifications",
    "photos",
    "privacy",
    "report_files",
    "reports",
    "request_log",
    "search",
    "sharing",
    "tables",
    "talking",
    "telegram",
    "uploads",
    "watching",
    "webhooks",
    "yard",
]
