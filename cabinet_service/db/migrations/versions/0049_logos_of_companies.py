"""Logos of companies."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import ids_in

revision: Final = "0049"
down_revision: Final[str | None] = "0048"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "company_logos",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_company_logos_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company_logos")),
    )
    rls.enable(
        "company_logos",
        seen_by=f"company_id = ANY ({ids_in('member_of')})",
        written_by=f"company_id = ANY ({ids_in('administered')})",
    )


def downgrade() -> None:
    op.drop_table("company_logos")
