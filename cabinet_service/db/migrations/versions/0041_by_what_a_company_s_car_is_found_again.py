"""By what a company's car is found again."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0041"
down_revision: Final[str | None] = "0040"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_inspections_company_id_identifier"),
        "inspections",
        ["company_id", "identifier"],
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_inspections_company_id_plate"),
        "inspections",
        ["company_id", "plate"],
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_inspections_company_id_plate", table_name="inspections")
    op.drop_index("ix_inspections_company_id_identifier", table_name="inspections")
