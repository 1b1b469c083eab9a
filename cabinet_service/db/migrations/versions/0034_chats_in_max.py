"""Chats in MAX: what is said there, and the links that tie them to accounts."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls

revision: Final = "0034"
down_revision: Final[str | None] = "0033"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLES: Final = ("max_updates", "max_links")


def upgrade() -> None:
    op.create_table(
        "max_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("album", sa.String(length=64), nullable=True),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("sayings", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name="pk_max_updates"),
    )
    op.create_index("ix_max_updates_chat_id", "max_updates", ["chat_id"])
    op.create_index(
        "ix_max_updates_waiting",
        "max_updates",
        ["received_at", "update_id"],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "max_links",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_max_links_account_id_accounts"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_max_links"),
    )
    op.create_index("ix_max_links_account_id", "max_links", ["account_id"])
    op.create_index("ix_max_links_expires_at", "max_links", ["expires_at"])
    # Who wrote what in which chat is for the service alone: whose a chat is, it finds out first.
    for table in TABLES:
        rls.enable(table, seen_by="false")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
