"""What a dispute is about: findings that are doubted, and photos that are shown for it."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0033"
down_revision: Final[str | None] = "0032"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

_NONE: Final = sa.text("'{}'")


def upgrade() -> None:
    for name in ("finding_ids", "evidence_ids"):
        column = sa.Column(name, postgresql.ARRAY(sa.Uuid()), server_default=_NONE, nullable=False)
        op.add_column("disputes", column)


def downgrade() -> None:
    op.drop_column("disputes", "evidence_ids")
    op.drop_column("disputes", "finding_ids")
