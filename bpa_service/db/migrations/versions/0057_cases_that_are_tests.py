"""Cases that are tests."""

from collections.abc import Sequence
from typing import Final

from service_kit import concurrently

revision: Final = "0057"
down_revision: Final[str | None] = "0056"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    concurrently.create_index("ix_cases_tests", "cases", ["id"], where="is_test")


def downgrade() -> None:
    concurrently.drop_index("ix_cases_tests", "cases")
