"""How the numbers of a company's cars begin: outside the locale C a plain index knows them as a whole alone."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from service_kit import concurrently

revision: Final = "0056"
down_revision: Final[str | None] = "0055"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

_OF: Final = "company_id IS NOT NULL"


def upgrade() -> None:
    for column in ("identifier", "plate"):
        concurrently.create_index(
            f"ix_inspections_{column}s_of_company",
            "inspections",
            ["company_id", sa.text(f"{column} text_pattern_ops")],
            where=_OF,
        )
        # The new one serves whoever asks for the whole number as well.
        concurrently.drop_index(f"ix_inspections_company_id_{column}", "inspections")


def downgrade() -> None:
    for column in ("plate", "identifier"):
        concurrently.create_index(
            f"ix_inspections_company_id_{column}", "inspections", ["company_id", column], where=_OF
        )
        concurrently.drop_index(f"ix_inspections_{column}s_of_company", "inspections")
