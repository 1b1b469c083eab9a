"""The columns of the sheet that a list of cars was read from."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0052"
down_revision: Final[str | None] = "0051"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("bulk_jobs", sa.Column("columns", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("bulk_jobs", "columns")
