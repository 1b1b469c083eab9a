"""An index of the cases that are open: a row of the queue asks it which others of its car are."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0045"
down_revision: Final[str | None] = "0044"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

IS_OPEN: Final = "state IN ('disputed', 'in_work', 'queued', 'second_opinion', 'waiting_client')"


def upgrade() -> None:
    op.create_index("ix_cases_open", "cases", ["id"], postgresql_where=sa.text(IS_OPEN))


def downgrade() -> None:
    op.drop_index("ix_cases_open", table_name="cases")
