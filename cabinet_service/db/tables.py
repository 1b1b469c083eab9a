"""The tables that delivery, live hints and idempotency need, and the outbox itself."""

from typing import Final

from cabinet_service.db.base import Base
from service_kit.tables import tables_of

TABLES: Final = tables_of(Base, service="cabinet", peer="bpa")
outbox: Final = TABLES.outbox
