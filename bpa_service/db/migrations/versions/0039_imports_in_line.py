"""Imports that wait in line: whose file it is, where it lies, who works on it and how far that is."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit.rls import IS_SYSTEM, setting

revision: Final = "0039"
down_revision: Final[str | None] = "0038"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

KEEPS_IMPORTS: Final = f"{setting('scope')} = 'desk' AND {setting('role')} = 'bpa_admin'"
_TABLE: Final = "vehicle_imports"


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("size", sa.BigInteger()))
    op.add_column(
        _TABLE, sa.Column("came_by", sa.String(length=10), server_default="command", nullable=False)
    )
    op.add_column(_TABLE, sa.Column("started_by", sa.Uuid()))
    op.add_column(_TABLE, sa.Column("stored", sa.String(length=400)))
    op.add_column(_TABLE, sa.Column("written_ns", sa.BigInteger()))
    op.add_column(_TABLE, sa.Column("holder", sa.Uuid()))
    op.add_column(_TABLE, sa.Column("stalls", sa.Integer(), server_default="0", nullable=False))
    op.add_column(_TABLE, sa.Column("bytes_read", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column(_TABLE, sa.Column("came_at", sa.DateTime(timezone=True)))
    op.execute(f"UPDATE {_TABLE} SET came_at = started_at")  # noqa: S608 - our own table
    op.alter_column(_TABLE, "came_at", nullable=False)
    op.alter_column(_TABLE, "started_at", nullable=True)
    for column in ("came_by", "stalls", "bytes_read"):
        op.alter_column(_TABLE, column, server_default=None)
    op.create_index(
        "ix_vehicle_imports_to_do",
        _TABLE,
        ["id"],
        postgresql_where=sa.text("state IN ('waiting', 'running', 'undoing')"),
    )
    op.create_index(op.f("ix_vehicle_imports_source_id"), _TABLE, ["source", "id"])
    op.execute(f"DROP POLICY wall_written ON {_TABLE}")
    op.execute(f"CREATE POLICY wall_written ON {_TABLE} USING ({IS_SYSTEM} OR {KEEPS_IMPORTS})")


def downgrade() -> None:
    op.execute(f"DROP POLICY wall_written ON {_TABLE}")
    op.execute(f"CREATE POLICY wall_written ON {_TABLE} USING ({IS_SYSTEM} OR false)")
    op.execute(f"DELETE FROM {_TABLE} WHERE started_at IS NULL")  # noqa: S608 - our own table
    op.alter_column(_TABLE, "started_at", nullable=False)
    op.drop_index(op.f("ix_vehicle_imports_source_id"), _TABLE)
    op.drop_index("ix_vehicle_imports_to_do", _TABLE)
    for column in (
        "came_at",
        "bytes_read",
        "stalls",
        "holder",
        "written_ns",
        "stored",
        "started_by",
        "came_by",
        "size",
    ):
        op.drop_column(_TABLE, column)
