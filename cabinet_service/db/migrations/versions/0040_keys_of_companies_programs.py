"""Keys of companies' programs."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in, ids_in

revision: Final = "0040"
down_revision: Final[str | None] = "0039"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.String(length=254), nullable=True),
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
            ["account_id"], ["accounts.id"], name=op.f("fk_api_keys_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "branch_id"],
            ["branches.company_id", "branches.id"],
            name=op.f("fk_api_keys_company_id_branches"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_api_keys_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_api_keys_made_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_keys_public_id")),
    )
    op.create_index(op.f("ix_api_keys_account_id"), "api_keys", ["account_id"])
    op.create_index(op.f("ix_api_keys_company_id"), "api_keys", ["company_id"])
    op.create_index(op.f("ix_api_keys_made_by_id"), "api_keys", ["made_by_id"])
    # A program sees its own keys, an admin those of the company, and who looks for one by what was sent is the
    # service itself.
    of_admin = f"company_id = ANY ({ids_in('administered')})"
    rls.enable("api_keys", seen_by=f"account_id = {id_in('account_id')} OR {of_admin}")
    # A program may work for all of a company.
    op.drop_constraint("ck_memberships_agent_has_branch", "memberships")
    has_branch = "branch_id IS NOT NULL OR role <> 'partner_agent'"
    op.create_check_constraint("ck_memberships_agent_has_branch", "memberships", has_branch)


def downgrade() -> None:
    op.drop_constraint("ck_memberships_agent_has_branch", "memberships")
    op.execute("DELETE FROM memberships WHERE role = 'integrator'")
    has_branch = "branch_id IS NOT NULL OR role = 'partner_admin'"
    op.create_check_constraint("ck_memberships_agent_has_branch", "memberships", has_branch)
    op.drop_table("api_keys")
