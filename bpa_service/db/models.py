"""Every table of the service: what migrations are made from and compared with. A new models.py is named here."""

from bpa_service.audit import models as audit
from bpa_service.cases.afterwards import models as afterwards
from bpa_service.cases.arranging import models as arranging
from bpa_service.cases.asking import models as asking
from bpa_service.cases.checklist import models as checklist
from bpa_service.cases.core import models as cases
from bpa_service.cases.deciding import models as deciding
from bpa_service.cases.disputes import models as disputes
from bpa_service.cases.drafting import models as drafting
from bpa_service.cases.findings import models as findings
from bpa_service.cases.incidents import models as incidents
from bpa_service.cases.naming import models as naming
from bpa_service.cases.readings import models as readings
from bpa_service.cases.second_opinions import models as second_opinions
from bpa_service.cases.talking import models as talking
from bpa_service.cases.tying import models as tying
from bpa_service.db import tables
from bpa_service.db.base import Base
from bpa_service.evidence import models as evidence
from bpa_service.exemplars import models as exemplars
from bpa_service.experts import models as experts
from bpa_service.experts.factors import models as factors
from bpa_service.experts.tokens import models as expert_tokens
from bpa_service.histories import models as histories
from bpa_service.notifications import models as notifications
from bpa_service.playbook import models as playbook
from bpa_service.reports import models as reports
from bpa_service.search import models as search
from bpa_service.search.views import models as search_views
from bpa_service.shifts import models as shifts
from bpa_service.sla import models as sla
from bpa_service.telegram import models as telegram
from bpa_service.vehicles.enquiries import models as enquiries
from bpa_service.vehicles.importing import models as importing
from bpa_service.vehicles.learning import models as learning

__all__ = [
    "Base",
    "afterwards",
    "arranging",
    "asking",
    "audit",
    "cases",
    "checklist",
    "deciding",
    "disputes",
    "drafting",
    "enquiries",
    "evidence",
    "exemplars",
    "expert_tokens",
    "experts",
    "factors",
    "findings",
    "histories",
    "importing",
    "incidents",
    "learning",
    "naming",
    "notifications",
    "playbook",
    "readings",
    "reports",
    "search",
    "search_views",
    "second_opinions",
    "shifts",
    "sla",
    "tables",
    "talking",
    "telegram",
    "tying",
]
