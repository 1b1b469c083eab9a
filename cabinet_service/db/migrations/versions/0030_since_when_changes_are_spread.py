"""Since when something that changed has been spread to inspections that mention it."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0030"
down_revision: Final[str | None] = "0029"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    since = sa.Column("since", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
    op.add_column("search_spreads", since)


def downgrade() -> None:
    op.drop_column("search_spreads", "since")
