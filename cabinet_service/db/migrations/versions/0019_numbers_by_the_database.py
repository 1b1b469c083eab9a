"""The database gives an inspection its number as it is inserted: one statement for both."""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: Final = "0019"
down_revision: Final[str | None] = "0018"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.execute("ALTER TABLE inspections ALTER number SET DEFAULT 'A-' || nextval('inspection_numbers')")


def downgrade() -> None:
    op.execute("ALTER TABLE inspections ALTER number DROP DEFAULT")
