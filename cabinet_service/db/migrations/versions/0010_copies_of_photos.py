"""Small copies of photos, which come before the originals."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final[str | None] = "0009"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.alter_column("evidence", "original_key", nullable=True)
    op.add_column("evidence", sa.Column("copy_key", sa.String(length=80), nullable=True))
    op.add_column("evidence", sa.Column("shown_key", sa.String(length=80), nullable=True))
    op.execute("UPDATE evidence SET shown_key = original_key WHERE preview_state = 'ready'")
    op.create_index(op.f("ix_evidence_copy_key"), "evidence", ["copy_key"])
    op.create_check_constraint("has_a_file", "evidence", "original_key IS NOT NULL OR copy_key IS NOT NULL")
