"""Which ordered histories lack the answer of a source."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0044"
down_revision: Final[str | None] = "0043"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column(
        "history_orders", sa.Column("has_gaps", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
