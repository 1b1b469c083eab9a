"""What one's own records teach of VINs."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0040"
down_revision: Final[str | None] = "0039"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"


def upgrade() -> None:
    op.create_table(
        "learned_vins",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("rules", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_learned_vins_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_vins")),
    )
    rls.enable("learned_vins", seen_by=AT_THE_DESK, written_by="false")


def downgrade() -> None:
    op.drop_table("learned_vins")
