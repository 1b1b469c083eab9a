"""Where alembic starts; `service_kit.migrations` calls it. Every table has to be imported here."""

from bpa_service.audit import models as audit
from bpa_service.cases import models as cases
from bpa_service.db import tables
from bpa_service.evidence import models as evidence
from bpa_service.experts import models as experts
from bpa_service.experts.factors import models as factors
from bpa_service.playbook import models as playbook
from bpa_service.shifts import models as shifts
from bpa_service.sla import models as sla
from service_kit.migrations import run_in_env

__all__ = ["audit", "cases", "evidence", "experts", "factors", "playbook", "shifts", "sla"]

run_in_env(tables.Base.metadata)
