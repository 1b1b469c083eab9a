"""Badges for adverts."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0057"
down_revision: Final[str | None] = "0056"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "report_badges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_report_badges_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_report_badges_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_badges")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_report_badges_token_sha256")),
    )
    op.create_index(
        "uq_report_badges_standing",
        "report_badges",
        ["inspection_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    of_inspection = "EXISTS (SELECT FROM inspections WHERE inspections.id = report_badges.inspection_id)"
    rls.enable("report_badges", seen_by=of_inspection)
    # Whoever has a link to the car sees the inspection, and this is no business of theirs.
    rls.keep_out("report_badges", who="by_link", unless=f"{setting('scope')} IS DISTINCT FROM 'link'")


def downgrade() -> None:
    op.drop_table("report_badges")
