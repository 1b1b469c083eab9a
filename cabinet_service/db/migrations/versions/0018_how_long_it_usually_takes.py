"""Since when an expert has an inspection, and how long that usually takes."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0018"
down_revision: Final[str | None] = "0017"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("inspections", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("inspections", sa.Column("usual_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("inspections", "usual_seconds")
    op.drop_column("inspections", "claimed_at")
