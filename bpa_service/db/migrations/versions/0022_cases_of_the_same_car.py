"""Find cases by the number, the plate and the photos of the car."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0022"
down_revision: Final[str | None] = "0021"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("number_key", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("plate_key", sa.Text(), nullable=True))
    op.execute("""
        UPDATE cases SET number_key = replace(claim ->> 'identifier', '-', ''),
            plate_key =
                claim ->> (CASE claim ->> 'identifier_kind' WHEN 'plate' THEN 'identifier' ELSE 'plate' END)
        WHERE erased_at IS NULL
    """)
    op.drop_index("ix_cases_identifier", table_name="cases")
    op.drop_index("ix_cases_plate", table_name="cases")
    op.create_index("ix_cases_number_key", "cases", ["number_key"])
    op.create_index("ix_cases_plate_key", "cases", ["plate_key"])
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])
