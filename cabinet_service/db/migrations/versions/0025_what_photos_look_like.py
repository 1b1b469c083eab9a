"""What photos look like is told by 128 bits, where it was 64; the worker hashes those that are there anew."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0025"
down_revision: Final[str | None] = "0024"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.execute("UPDATE evidence SET perceptual_hash = NULL WHERE perceptual_hash IS NOT NULL")
    op.create_index(
        "ix_evidence_not_hashed",
        "evidence",
        ["id"],
        postgresql_where=sa.text(
            "perceptual_hash IS NULL AND preview_state = 'ready' AND deleted_at IS NULL"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_evidence_not_hashed", "evidence")
    op.execute("UPDATE evidence SET perceptual_hash = NULL WHERE perceptual_hash IS NOT NULL")
