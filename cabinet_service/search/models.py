"""The tables by which the index of inspections is kept, and those in which PostgreSQL has it."""

from cabinet_service.db.base import Base
from service_kit.search.keeping.tables import declare_keeping_tables
from service_kit.search.postgres.tables import declare_index_tables

declare_keeping_tables(Base)
declare_index_tables(Base)
