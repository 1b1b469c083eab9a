"""From which photo of which case an exemplar was kept."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0035"
down_revision: Final[str | None] = "0034"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("exemplars", sa.Column("from_case_id", sa.Uuid()))
    op.add_column("exemplars", sa.Column("from_evidence_id", sa.Uuid()))
    op.create_index(op.f("ix_exemplars_from_case_id"), "exemplars", ["from_case_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_exemplars_from_case_id"), "exemplars")
    op.drop_column("exemplars", "from_evidence_id")
    op.drop_column("exemplars", "from_case_id")
