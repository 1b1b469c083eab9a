"""Of which visit a sign of presence is, and that the visit is over."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0028"
down_revision: Final[str | None] = "0027"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("presence", sa.Column("visit_id", sa.Uuid(), nullable=True))
    # The default also serves processes of the version before, which do not name the column.
    op.add_column(
        "presence", sa.Column("has_left", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("presence", "has_left")
    op.drop_column("presence", "visit_id")
