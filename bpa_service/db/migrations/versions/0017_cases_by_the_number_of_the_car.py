"""Find cases by a number of the car."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0017"
down_revision: Final[str | None] = "0016"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_index(
        "ix_cases_identifier", "cases", [sa.literal_column("replace(claim ->> 'identifier', '-', '')")]
    )
    op.create_index("ix_cases_plate", "cases", [sa.literal_column("(claim ->> 'plate')")])
