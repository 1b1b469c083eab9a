"""Histories that clients order without an inspection, and what sources are asked for them."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls

revision: Final = "0053"
down_revision: Final[str | None] = "0052"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

ENQUIRIES: Final = "vehicle_enquiries"


def upgrade() -> None:
    moment, document = sa.DateTime(timezone=True), postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "history_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("claim", document, nullable=False),
        sa.Column("ordered_at", moment, nullable=False),
        sa.Column("make_by", moment, nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("body", document, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("made_at", moment, nullable=True),
        sa.Column("erased_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_history_orders_number")),
    )
    op.create_index(
        "ix_history_orders_due",
        "history_orders",
        ["make_by"],
        postgresql_where=sa.text("made_at IS NULL AND erased_at IS NULL"),
    )
    # Nobody at the desk works on them: there is nothing to look at.
    rls.enable("history_orders", seen_by="false")
    op.add_column(ENQUIRIES, sa.Column("history_id", sa.Uuid(), nullable=True))
    op.alter_column(ENQUIRIES, "case_id", existing_type=sa.Uuid(), nullable=True)
    op.create_index(
        op.f("ix_vehicle_enquiries_history_id"),
        ENQUIRIES,
        ["history_id"],
        postgresql_where=sa.text("history_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_vehicle_enquiries_history_id_history_orders"),
        ENQUIRIES,
        "history_orders",
        ["history_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_vehicle_enquiries_one_occasion"), ENQUIRIES, "num_nonnulls(case_id, history_id) = 1"
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM {ENQUIRIES} WHERE case_id IS NULL")  # noqa: S608 - our own name
    op.drop_constraint(op.f("ck_vehicle_enquiries_one_occasion"), ENQUIRIES)
    op.drop_constraint(op.f("fk_vehicle_enquiries_history_id_history_orders"), ENQUIRIES)
    op.drop_index(op.f("ix_vehicle_enquiries_history_id"), ENQUIRIES)
    op.drop_column(ENQUIRIES, "history_id")
    op.alter_column(ENQUIRIES, "case_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("history_orders")
