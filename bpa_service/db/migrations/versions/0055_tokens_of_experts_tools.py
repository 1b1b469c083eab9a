"""Personal tokens, by which tools of experts read in their name."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in, setting

revision: Final = "0055"
down_revision: Final[str | None] = "0054"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "expert_tokens",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("networks", postgresql.ARRAY(sa.String(length=43)), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_expert_tokens_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_tokens")),
        sa.UniqueConstraint("public_id", name=op.f("uq_expert_tokens_public_id")),
    )
    op.create_index(op.f("ix_expert_tokens_expert_id"), "expert_tokens", ["expert_id"])
    rls.enable("expert_tokens", seen_by=f"({setting('scope')} = 'desk' AND expert_id = {id_in('expert_id')})")


def downgrade() -> None:
    op.drop_table("expert_tokens")
