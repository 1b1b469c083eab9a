"""Cars that people watch, each by an inspection of it."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in

revision: Final = "0060"
down_revision: Final[str | None] = "0059"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "watches",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("look_at", moment, nullable=False),
        sa.Column("looked_at", moment, nullable=True),
        sa.Column("records", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "news", postgresql.ARRAY(sa.String(length=16)), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("told_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_watches_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_watches_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("account_id", "inspection_id", name=op.f("pk_watches")),
    )
    op.create_index(op.f("ix_watches_inspection_id"), "watches", ["inspection_id"])
    op.create_index(op.f("ix_watches_look_at"), "watches", ["look_at"])
    rls.enable("watches", seen_by=f"account_id = {id_in('account_id')}")


def downgrade() -> None:
    op.execute("DELETE FROM notifications WHERE kind IN ('car_news', 'watch_ended')")
    op.drop_table("watches")
