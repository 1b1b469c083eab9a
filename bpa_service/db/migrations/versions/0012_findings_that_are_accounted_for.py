"""No finding is passed over: explained, withdrawn or left out, it stays on record with the reason."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0012"
down_revision: Final[str | None] = "0011"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    for name in ("explanation", "withdrawn_because"):
        op.add_column("findings", sa.Column(name, sa.Text()))
    for name in ("explained_by", "withdrawn_by"):
        op.add_column("findings", sa.Column(name, sa.Uuid()))
        op.create_foreign_key(op.f(f"fk_findings_{name}_experts"), "findings", "experts", [name], ["id"])
    for name in ("explained_at", "withdrawn_at"):
        op.add_column("findings", sa.Column(name, sa.DateTime(timezone=True)))
    nothing = postgresql.JSONB()
    op.add_column("decisions", sa.Column("left_out", nothing, nullable=False, server_default="[]"))
    op.add_column("drafts", sa.Column("reasons", nothing, nullable=False, server_default="{}"))
    op.add_column("drafts", sa.Column("reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("drafts", "reason")
    op.drop_column("drafts", "reasons")
    op.drop_column("decisions", "left_out")
    for what in ("explained", "withdrawn"):
        op.drop_constraint(op.f(f"fk_findings_{what}_by_experts"), "findings")
        op.drop_column("findings", f"{what}_by")
        op.drop_column("findings", f"{what}_at")
    op.drop_column("findings", "withdrawn_because")
    op.drop_column("findings", "explanation")
