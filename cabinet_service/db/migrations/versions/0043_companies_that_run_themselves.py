"""Companies that run themselves: invitations, agreements, limits."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import id_in, ids_in

revision: Final = "0043"
down_revision: Final[str | None] = "0042"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

ME: Final = id_in("account_id")
OF_MY_COMPANIES: Final = f"= ANY ({ids_in('member_of')})"
THAT_I_RUN: Final = f"= ANY ({ids_in('administered')})"
# Whoever runs a company knows what the people there are called.
COLLEAGUE: Final = (
    f"EXISTS (SELECT FROM memberships WHERE memberships.account_id = accounts.id"
    f" AND memberships.company_id {THAT_I_RUN})"
)
WALLS: Final = {
    "accounts": (f"id = {ME} OR {COLLEAGUE}", f"id = {ME}"),
    "companies": (f"id {OF_MY_COMPANIES}", f"id {THAT_I_RUN}"),
    "branches": (f"company_id {OF_MY_COMPANIES}", f"company_id {THAT_I_RUN}"),
    "memberships": (f"account_id = {ME} OR company_id {THAT_I_RUN}", f"company_id {THAT_I_RUN}"),
    "company_agreements": (f"company_id {OF_MY_COMPANIES}", f"company_id {THAT_I_RUN}"),
    # Who has got an invitation is nobody to the database: the service looks for it.
    "invitations": (f"company_id {THAT_I_RUN}", f"company_id {THAT_I_RUN}"),
    "former_memberships": (f"account_id = {ME}", f"company_id {THAT_I_RUN}"),
}
REBUILT: Final = {"accounts", "companies", "branches", "memberships"}


def upgrade() -> None:
    op.create_table(
        "company_agreements",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_company_agreements_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_company_agreements_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("company_id", "document", "version", name=op.f("pk_company_agreements")),
    )
    op.create_index(op.f("ix_company_agreements_account_id"), "company_agreements", ["account_id"])
    op.create_table(
        "former_memberships",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_former_memberships_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_former_memberships_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("account_id", "company_id", name=op.f("pk_former_memberships")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=True),
        sa.Column("contact_masked", sa.String(length=254), nullable=True),
        sa.Column("contact_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["accounts.id"], name=op.f("fk_invitations_accepted_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "branch_id"],
            ["branches.company_id", "branches.id"],
            name=op.f("fk_invitations_company_id_branches"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_invitations_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["accounts.id"], name=op.f("fk_invitations_invited_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitations_token_sha256")),
    )
    op.create_index(op.f("ix_invitations_accepted_by_id"), "invitations", ["accepted_by_id"])
    op.create_index(op.f("ix_invitations_company_id_created_at"), "invitations", ["company_id", "created_at"])
    op.create_index(op.f("ix_invitations_expires_at"), "invitations", ["expires_at"])
    op.create_index(op.f("ix_invitations_invited_by_id"), "invitations", ["invited_by_id"])
    op.add_column("branches", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("branches", sa.Column("monthly_limit", sa.Integer(), nullable=True))
    op.add_column(
        "branches", sa.Column("at_limit", sa.String(length=32), server_default="refuse", nullable=False)
    )
    op.add_column("companies", sa.Column("monthly_limit", sa.Integer(), nullable=True))
    op.add_column(
        "companies", sa.Column("at_limit", sa.String(length=32), server_default="refuse", nullable=False)
    )
    op.create_index(
        op.f("ix_inspections_company_id_submitted_at_id"),
        "inspections",
        ["company_id", "submitted_at", "id"],
        postgresql_where=sa.text("company_id IS NOT NULL AND submitted_at IS NOT NULL"),
    )
    for table, (seen_by, written_by) in WALLS.items():
        if table in REBUILT:
            op.execute(f"DROP POLICY wall ON {table}")
        rls.enable(table, seen_by=f"({seen_by})", written_by=f"({written_by})")


def downgrade() -> None:
    for table, seen_by in {
        "accounts": f"id = {ME}",
        "companies": f"id {OF_MY_COMPANIES}",
        "branches": f"company_id {OF_MY_COMPANIES}",
        "memberships": f"account_id = {ME}",
    }.items():
        op.execute(f"DROP POLICY wall_seen ON {table}")
        op.execute(f"DROP POLICY wall_written ON {table}")
        rls.enable(table, seen_by=seen_by)
    op.drop_index("ix_inspections_company_id_submitted_at_id", table_name="inspections")
    for table in ("companies", "branches"):
        op.drop_column(table, "at_limit")
        op.drop_column(table, "monthly_limit")
    op.drop_column("branches", "closed_at")
    op.drop_table("invitations")
    op.drop_table("former_memberships")
    op.drop_table("company_agreements")
