"""When the holder of a case last changed. For cases from before that is the time of this step."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final[str | None] = "0007"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    # The default also serves processes of the version before, which open cases without naming the column.
    op.add_column(
        "cases",
        sa.Column(
            "holder_changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
    )


def downgrade() -> None:
    op.drop_column("cases", "holder_changed_at")
