"""Erasures: what was to be erased, and that it was."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final[str | None] = "0003"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_erasures_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "inspection_erasures",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["erasures.account_id"], name=op.f("fk_inspection_erasures_account_id_erasures")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_erasures_inspection_id_inspections"),
        ),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_inspection_erasures")),
    )
    op.create_index(op.f("ix_inspection_erasures_account_id"), "inspection_erasures", ["account_id"])
    op.add_column("accounts", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("idempotency_keys", sa.Column("subject_id", sa.Uuid(), nullable=True))
    op.add_column("inspections", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
