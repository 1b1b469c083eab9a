"""Chats in Telegram: what is said there, what they are about, and the links that tie them to accounts."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls

revision: Final = "0022"
down_revision: Final[str | None] = "0021"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLES: Final = (
    "telegram_updates",
    "telegram_links",
    "telegram_chats",
    "telegram_photos",
    "telegram_statuses",
)


def upgrade() -> None:
    op.create_table(
        "telegram_chats",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("shot", sa.String(length=32), nullable=True),
        sa.Column("awaited", sa.String(length=32), nullable=True),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_telegram_chats"),
    )
    op.create_table(
        "telegram_photos",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unique_id", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=256), nullable=False),
        sa.Column("is_file", sa.Boolean(), nullable=False),
        sa.Column("album", sa.String(length=64), nullable=True),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("shot", sa.String(length=32), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "unique_id", name="pk_telegram_photos"),
    )
    op.create_index("ix_telegram_photos_received_at", "telegram_photos", ["received_at"])
    op.create_index(
        "ix_telegram_photos_waiting",
        "telegram_photos",
        ["chat_id", "received_at"],
        postgresql_where=sa.text("inspection_id IS NULL"),
    )
    op.create_table(
        "telegram_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("album", sa.String(length=64), nullable=True),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("sayings", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name="pk_telegram_updates"),
    )
    op.create_index("ix_telegram_updates_chat_id", "telegram_updates", ["chat_id"])
    op.create_index(
        "ix_telegram_updates_waiting",
        "telegram_updates",
        ["received_at", "update_id"],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "telegram_links",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_telegram_links_account_id_accounts"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_telegram_links"),
    )
    op.create_index("ix_telegram_links_account_id", "telegram_links", ["account_id"])
    op.create_index("ix_telegram_links_expires_at", "telegram_links", ["expires_at"])
    op.create_table(
        "telegram_statuses",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name="fk_telegram_statuses_inspection_id_inspections"
        ),
        sa.PrimaryKeyConstraint("chat_id", "inspection_id", name="pk_telegram_statuses"),
    )
    op.create_index(
        "ix_telegram_statuses_open",
        "telegram_statuses",
        ["inspection_id"],
        postgresql_where=sa.text("NOT is_over"),
    )
    # Who wrote what in which chat is for the service alone: whose a chat is, it finds out first.
    for table in TABLES:
        rls.enable(table, seen_by="false")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
