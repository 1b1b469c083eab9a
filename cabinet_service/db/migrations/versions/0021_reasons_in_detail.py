"""Which of the other reasons it is that a client cannot do what was asked."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0021"
down_revision: Final[str | None] = "0020"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("info_tasks", sa.Column("decline_detail", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("info_tasks", "decline_detail")
