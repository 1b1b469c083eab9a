"""Numbers of histories are cabinet's to keep unique: restored to an earlier moment it may give one twice."""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: Final = "0054"
down_revision: Final[str | None] = "0053"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

NAME: Final = "uq_history_orders_number"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "history_orders", type_="unique")


def downgrade() -> None:
    op.create_unique_constraint(op.f(NAME), "history_orders", ["number"])
