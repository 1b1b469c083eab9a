"""Links that show a report without a sign-in, and which browsers have opened them."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls

revision: Final = "0032"
down_revision: Final[str | None] = "0031"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.Column("reader", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("photos", sa.Boolean(), nullable=False),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_misses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("code_locked_until", TIME, nullable=True),
        sa.Column("shown", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("views", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("viewed_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_report_shares_account_id_accounts"),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name="fk_report_shares_inspection_id_inspections"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_shares"),
        sa.UniqueConstraint("token_sha256", name="uq_report_shares_token_sha256"),
    )
    op.create_index("ix_report_shares_expires_at", "report_shares", ["expires_at"])
    op.create_index(
        "ix_report_shares_inspection_id_created_at", "report_shares", ["inspection_id", "created_at"]
    )
    op.create_table(
        "share_views",
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("browser", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"],
            ["report_shares.id"],
            name="fk_share_views_share_id_report_shares",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("share_id", "browser", "version", name="pk_share_views"),
    )
    # Whoever sees an inspection sees its links, and of a link who has opened it. Whoever has the link is nobody
    # to the database: the service looks for them.
    of_inspection = "EXISTS (SELECT FROM inspections WHERE inspections.id = report_shares.inspection_id)"
    rls.enable("report_shares", seen_by=of_inspection)
    of_share = "EXISTS (SELECT FROM report_shares WHERE report_shares.id = share_views.share_id)"
    rls.enable("share_views", seen_by=of_share)


def downgrade() -> None:
    op.drop_table("share_views")
    op.drop_table("report_shares")
