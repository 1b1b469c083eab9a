"""Find the cases of a client, for an export of their data."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final[str | None] = "0003"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_index("ix_cases_client", "cases", [sa.literal_column("(client ->> 'account_id')"), "id"])
