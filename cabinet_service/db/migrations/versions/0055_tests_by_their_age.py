"""Tests, by how old they are."""

from collections.abc import Sequence
from typing import Final

from service_kit import concurrently

revision: Final = "0055"
down_revision: Final[str | None] = "0054"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    for table in ("inspections", "history_orders"):
        concurrently.create_index(
            f"ix_{table}_tests", table, ["created_at"], where="is_test AND erased_at IS NULL"
        )


def downgrade() -> None:
    for table in ("history_orders", "inspections"):
        concurrently.drop_index(f"ix_{table}_tests", table)
