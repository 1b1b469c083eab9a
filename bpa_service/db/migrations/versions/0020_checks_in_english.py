"""A check can be said in English, too."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0020"
down_revision: Final[str | None] = "0019"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("checks", sa.Column("text_en", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("checks", "text_en")
