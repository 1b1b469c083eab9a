"""A dispute can be given up, and the answer stands again."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0016"
down_revision: Final[str | None] = "0015"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("disputes", sa.Column("given_up_reason", sa.Text(), nullable=True))
    op.add_column("disputes", sa.Column("given_up_note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("disputes", "given_up_note")
    op.drop_column("disputes", "given_up_reason")
