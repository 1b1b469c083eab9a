"""What alembic runs: it must know every table of bpa, so every `models.py` is imported here."""

from bpa_service.db import tables
from service_kit.migrations import run_in_env

run_in_env(tables.Base.metadata)
