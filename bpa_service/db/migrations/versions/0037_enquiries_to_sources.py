"""What sources are asked about the cars of cases, and what they answered."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0037"
down_revision: Final[str | None] = "0036"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
WORKS_ON_CASES: Final = f"{setting('role')} IN ('expert', 'senior', 'shift_lead')"
NOT_OVER: Final = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    items = [
        sa.Column(name, postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
        for name in ("coverage", "records", "rejects")
    ]
    op.create_table(
        "vehicle_enquiries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("put_at", moment, nullable=False),
        sa.Column("gives_up_at", moment, nullable=False),
        sa.Column("fresh", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("asking_since", moment, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("cached", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *items,
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_vehicle_enquiries_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_enquiries")),
    )
    op.create_index(
        "uq_vehicle_enquiries_open",
        "vehicle_enquiries",
        ["case_id", "source", "name", "value"],
        unique=True,
        postgresql_where=NOT_OVER,
    )
    op.create_index(
        "ix_vehicle_enquiries_due", "vehicle_enquiries", ["source", "due_at"], postgresql_where=NOT_OVER
    )
    op.create_index(op.f("ix_vehicle_enquiries_case_id"), "vehicle_enquiries", ["case_id"])
    op.create_index(
        op.f("ix_vehicle_enquiries_value_name_source_put_at"),
        "vehicle_enquiries",
        ["value", "name", "source", "put_at"],
    )
    # Whoever works on cases puts questions down, and ends those of a case that they end.
    rls.enable("vehicle_enquiries", seen_by=AT_THE_DESK, written_by=WORKS_ON_CASES)


def downgrade() -> None:
    op.drop_table("vehicle_enquiries")
