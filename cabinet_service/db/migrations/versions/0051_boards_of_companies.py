"""What a company's checks, and a branch's, wait for: the youngest of each state at once."""

from collections.abc import Sequence
from typing import Final

from service_kit import concurrently

revision: Final = "0051"
down_revision: Final[str | None] = "0050"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    for name, whose in (
        ("ix_inspections_board", "company_id"),
        ("ix_inspections_board_of_branch", "branch_id"),
    ):
        columns = [whose, "state", "created_at", "id"]
        concurrently.create_index(name, "inspections", columns, where=f"{whose} IS NOT NULL")


def downgrade() -> None:
    concurrently.drop_index("ix_inspections_board_of_branch", "inspections")
    concurrently.drop_index("ix_inspections_board", "inspections")
