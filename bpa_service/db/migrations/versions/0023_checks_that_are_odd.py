"""What is found where a check is odd, ready before, and why it is."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0023"
down_revision: Final[str | None] = "0022"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("checks", sa.Column("odd_text", sa.Text(), nullable=True))
    op.add_column("checks", sa.Column("odd_text_en", sa.Text(), nullable=True))
    op.add_column("check_results", sa.Column("reason", sa.Text(), nullable=True))
