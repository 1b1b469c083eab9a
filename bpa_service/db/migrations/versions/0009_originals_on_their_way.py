"""Whether the original of a photo is there, or only a copy. All that were announced before are."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009"
down_revision: Final[str | None] = "0008"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    # The default also serves processes of the version before, which do not name the column.
    op.add_column(
        "evidence", sa.Column("original", sa.String(length=32), nullable=False, server_default="held")
    )


def downgrade() -> None:
    op.drop_column("evidence", "original")
