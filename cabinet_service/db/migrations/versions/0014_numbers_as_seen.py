"""Numbers that are sent as they stand on the car, although they break the rules of their kind."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0014"
down_revision: Final[str | None] = "0013"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column(
        "inspections", sa.Column("as_seen", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
