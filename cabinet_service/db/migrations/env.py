"""Where alembic starts; `service_kit.migrations` calls it. Every table has to be imported here."""

from cabinet_service.db import tables
from service_kit.migrations import run_in_env

run_in_env(tables.Base.metadata)
