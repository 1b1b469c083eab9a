"""The runs of imports of vehicle records."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0034"
down_revision: Final[str | None] = "0033"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"


def upgrade() -> None:
    op.create_table(
        "vehicle_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("portion", sa.Integer(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("tally", postgresql.JSONB(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_imports")),
        sa.UniqueConstraint("number", name=op.f("uq_vehicle_imports_number")),
    )
    op.create_index(
        "uq_vehicle_imports_source_running",
        "vehicle_imports",
        ["source"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(op.f("ix_vehicle_imports_source_number"), "vehicle_imports", ["source", "number"])
    rls.enable("vehicle_imports", seen_by=AT_THE_DESK, written_by="false")


def downgrade() -> None:
    op.drop_table("vehicle_imports")
