"""What the checks of one person in a company wait for: the youngest of each state at once."""

from collections.abc import Sequence
from typing import Final

from service_kit import concurrently

revision: Final = "0058"
down_revision: Final[str | None] = "0057"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

_NAME: Final = "ix_inspections_board_of_person"


def upgrade() -> None:
    columns = ["account_id", "state", "created_at", "id"]
    concurrently.create_index(_NAME, "inspections", columns, where="company_id IS NOT NULL")


def downgrade() -> None:
    concurrently.drop_index(_NAME, "inspections")
