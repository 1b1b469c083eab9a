"""The tables that delivery, live hints and idempotency need, and the outbox itself."""

from typing import Final

from bpa_service.db.base import Base
from service_kit.tables import tables_of

TABLES: Final = tables_of(Base, service="bpa", peer="cabinet")
outbox: Final = TABLES.outbox
AUDIENCE: Final = "desk"
"""Of the live hints: all who work here hear all of them."""
