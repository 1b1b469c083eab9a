"""When a file of a report is to be made."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0046"
down_revision: Final[str | None] = "0045"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("report_files", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report_files", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    # The work that they were asked for with is nobody's any more.
    op.execute("UPDATE report_files SET due_at = now() WHERE made_at IS NULL")
    op.create_index(
        "ix_report_files_due_at", "report_files", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_report_files_due_at", "report_files")
    op.drop_column("report_files", "tries")
    op.drop_column("report_files", "due_at")
