"""Sessions that are refreshed. Those from before have no refresh token and end: everyone signs in again."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final[str | None] = "0004"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.execute("DELETE FROM expert_sessions")
    op.drop_column("expert_sessions", "token_digest")
    op.add_column("expert_sessions", sa.Column("id", sa.Uuid(), nullable=False))
    op.add_column("expert_sessions", sa.Column("generation", sa.Integer(), nullable=False))
    op.add_column("expert_sessions", sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=False))
    op.add_column("expert_sessions", sa.Column("device", sa.String(length=64), nullable=False))
    op.add_column("expert_sessions", sa.Column("network", sa.String(length=64), nullable=False))
    op.create_primary_key(op.f("pk_expert_sessions"), "expert_sessions", ["id"])
