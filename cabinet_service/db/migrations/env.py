"""Where alembic starts; `service_kit.migrations` calls it."""

from cabinet_service.db import HISTORY
from cabinet_service.db.models import Base
from service_kit.migrations import run_in_env

run_in_env(Base.metadata, history=HISTORY)
