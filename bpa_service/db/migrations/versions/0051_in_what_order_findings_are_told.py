"""In what order the findings of a verdict that is being written are to be told."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0051"
down_revision: Final[str | None] = "0050"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    ids = postgresql.ARRAY(sa.Uuid())
    op.add_column("drafts", sa.Column("ordered", ids, server_default=sa.text("'{}'"), nullable=False))


def downgrade() -> None:
    op.drop_column("drafts", "ordered")
