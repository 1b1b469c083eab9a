"""What is kept for a time only is found by its age."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0013"
down_revision: Final[str | None] = "0012"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_index(
        "ix_outbox_work_sent_at",
        "outbox",
        ["sent_at"],
        postgresql_where=sa.text("queue <> 'bpa.events'"),
    )
    op.create_index(op.f("ix_evidence_inspection_id"), "evidence", ["inspection_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_evidence_inspection_id"), table_name="evidence")
    op.drop_index("ix_outbox_work_sent_at", table_name="outbox")
