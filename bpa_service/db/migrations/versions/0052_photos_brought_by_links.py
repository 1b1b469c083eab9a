"""Photos that were brought by whoever stood at the car, by a link of the client's."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0052"
down_revision: Final[str | None] = "0051"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column(
        "evidence", sa.Column("by_link", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("evidence", "by_link")
