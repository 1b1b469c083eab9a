"""Ready words are offered under the verdict that they fit, and say in which language they are."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0018"
down_revision: Final[str | None] = "0017"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("templates", sa.Column("verdict", sa.String(length=32)))
    op.add_column("templates", sa.Column("language", sa.String(length=8)))


def downgrade() -> None:
    op.drop_column("templates", "language")
    op.drop_column("templates", "verdict")
