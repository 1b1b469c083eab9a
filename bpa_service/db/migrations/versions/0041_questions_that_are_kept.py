"""The questions to the search that experts keep, and share."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in, setting

revision: Final = "0041"
down_revision: Final[str | None] = "0040"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
MINE: Final = f"expert_id = {id_in('expert_id')}"
MAY_KEEP_OTHERS: Final = f"{setting('role')} IN ('shift_lead', 'bpa_admin')"


def upgrade() -> None:
    op.create_table(
        "search_views",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_search_views_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("expert_id", "name", name=op.f("pk_search_views")),
    )
    rls.enable(
        "search_views",
        seen_by=f"({AT_THE_DESK} AND ({MINE} OR shared))",
        written_by=f"({AT_THE_DESK} AND ({MINE} OR (shared AND {MAY_KEEP_OTHERS})))",
    )


def downgrade() -> None:
    op.drop_table("search_views")
