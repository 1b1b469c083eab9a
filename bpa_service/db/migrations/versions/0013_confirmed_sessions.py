"""When a session last showed a second factor, and what people are told about their access."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import id_in, setting

revision: Final = "0013"
down_revision: Final[str | None] = "0012"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("expert_sessions", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "account_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=True),
        sa.Column("about_name", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_account_notices_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_notices")),
    )
    op.create_index(op.f("ix_account_notices_expert_id"), "account_notices", ["expert_id"])
    rls.enable(
        "account_notices", seen_by=f"expert_id = {id_in('expert_id')} OR {setting('role')} = 'bpa_admin'"
    )


def downgrade() -> None:
    op.drop_table("account_notices")
    op.drop_column("expert_sessions", "confirmed_at")
