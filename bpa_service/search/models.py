"""The tables by which the index of cases is kept, and those in which PostgreSQL has it."""

from bpa_service.db.base import Base
from service_kit.search.keeping.tables import declare_keeping_tables
from service_kit.search.postgres.tables import declare_index_tables

declare_keeping_tables(Base)
declare_index_tables(Base)
