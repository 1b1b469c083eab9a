"""Jobs that order many cars of a list at once."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in, ids_in

revision: Final = "0042"
down_revision: Final[str | None] = "0041"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# The same lines as of inspections: what one made oneself, those of a company or branch that one sees all of.
SEEN_BY: Final = (
    f"account_id = {id_in('account_id')} AND company_id = ANY ({ids_in('member_of')})"
    f" OR company_id = ANY ({ids_in('companies')}) OR branch_id = ANY ({ids_in('branches')})"
)


def upgrade() -> None:
    op.create_table(
        "bulk_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_bulk_jobs_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_bulk_jobs_branch_id_branches")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_bulk_jobs_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_jobs")),
    )
    op.create_index(op.f("ix_bulk_jobs_account_id"), "bulk_jobs", ["account_id"])
    op.create_index(
        op.f("ix_bulk_jobs_company_id_created_at_id"), "bulk_jobs", ["company_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_bulk_jobs_created_at"), "bulk_jobs", ["created_at"])
    op.create_table(
        "bulk_rows",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_bulk_rows_inspection_id_inspections")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["bulk_jobs.id"], name=op.f("fk_bulk_rows_job_id_bulk_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "place", name=op.f("pk_bulk_rows")),
    )
    op.create_index(op.f("ix_bulk_rows_inspection_id"), "bulk_rows", ["inspection_id"])
    op.create_index(
        "ix_bulk_rows_waiting",
        "bulk_rows",
        ["job_id", "place"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    rls.enable("bulk_jobs", seen_by=SEEN_BY)
    rls.enable("bulk_rows", seen_by="EXISTS (SELECT FROM bulk_jobs WHERE bulk_jobs.id = bulk_rows.job_id)")


def downgrade() -> None:
    op.drop_table("bulk_rows")
    op.drop_table("bulk_jobs")
