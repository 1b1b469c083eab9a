"""The migrations make exactly the tables that the models describe."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bpa_service.db.base import Base
from bpa_service.ports import Ports


async def test_models_and_migrations_agree(bpa_ports: Ports) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)

    async with bpa_ports.backbone.database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
