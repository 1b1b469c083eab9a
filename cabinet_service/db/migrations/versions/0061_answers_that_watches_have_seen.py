"""Which answers of colleagues there were when a watched car was looked at last."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0061"
down_revision: Final[str | None] = "0060"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("watches", sa.Column("answers", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("watches", "answers")
