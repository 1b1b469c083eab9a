"""Histories that clients order without an inspection, and reports that are about one or the other."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import id_in, ids_in

revision: Final = "0038"
down_revision: Final[str | None] = "0037"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# The same lines as those of inspections: one's own, those of a company or a branch that one sees all of.
VISIBLE: Final = (
    f"account_id = {id_in('account_id')}"
    f" AND (company_id IS NULL OR company_id = ANY ({ids_in('member_of')}))"
    f" OR company_id = ANY ({ids_in('companies')}) OR branch_id = ANY ({ids_in('branches')})"
)
ABOUT_ONE: Final = ("reports", "report_shares")
OF_INSPECTION: Final = "EXISTS (SELECT FROM inspections WHERE inspections.id = {table}.inspection_id)"
OF_ONE: Final = (
    OF_INSPECTION + " OR EXISTS (SELECT FROM history_orders WHERE history_orders.id = {table}.history_id)"
)
OF_REPORT: Final = "EXISTS (SELECT FROM reports WHERE reports.report_id = report_files.report_id)"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.execute("CREATE SEQUENCE history_numbers START WITH 1000001")
    op.create_table(
        "history_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "number",
            sa.String(length=16),
            server_default=sa.text("'H-' || nextval('history_numbers')"),
            nullable=False,
        ),
        sa.Column("identifier_kind", sa.String(length=32), nullable=False),
        sa.Column("identifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("made_at", moment, nullable=True),
        sa.Column("erased_at", moment, nullable=True),
        sa.Column("forgotten_at", moment, nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_history_orders_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_history_orders_branch_id_branches")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_history_orders_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_history_orders_number")),
    )
    for whose in ("account_id", "company_id", "branch_id"):
        op.create_index(
            op.f(f"ix_history_orders_{whose}_created_at_id"),
            "history_orders",
            [whose, "created_at", "id"],
            postgresql_where=None if whose == "account_id" else sa.text(f"{whose} IS NOT NULL"),
        )
    rls.enable("history_orders", seen_by=VISIBLE)
    for table in ABOUT_ONE:
        op.add_column(table, sa.Column("history_id", sa.Uuid(), nullable=True))
        op.alter_column(table, "inspection_id", existing_type=sa.Uuid(), nullable=True)
        op.create_foreign_key(
            op.f(f"fk_{table}_history_id_history_orders"), table, "history_orders", ["history_id"], ["id"]
        )
        op.create_check_constraint(
            op.f(f"ck_{table}_one_subject"), table, "num_nonnulls(inspection_id, history_id) = 1"
        )
    op.create_unique_constraint(op.f("uq_reports_history_id_version"), "reports", ["history_id", "version"])
    op.create_index(
        op.f("ix_report_shares_history_id_created_at"),
        "report_shares",
        ["history_id", "created_at"],
        postgresql_where=sa.text("history_id IS NOT NULL"),
    )
    _seen_by("reports", "wall_seen", OF_ONE.format(table="reports"))
    _seen_by("report_shares", "wall", OF_ONE.format(table="report_shares"))
    # A file is that of its report, whatever this is about.
    _seen_by("report_files", "wall_seen", OF_REPORT)
    op.drop_index(op.f("ix_report_files_inspection_id"), "report_files")
    op.drop_column("report_files", "inspection_id")


def _seen_by(table: str, policy: str, condition: str) -> None:
    op.execute(f"ALTER POLICY {policy} ON {table} USING ({rls.IS_SYSTEM} OR {condition})")


def downgrade() -> None:
    op.add_column("report_files", sa.Column("inspection_id", sa.Uuid(), nullable=True))
    of_histories = "(SELECT report_id FROM reports WHERE history_id IS NOT NULL)"
    op.execute(f"DELETE FROM report_files WHERE report_id IN {of_histories}")  # noqa: S608 - our own words
    op.execute(
        "UPDATE report_files SET inspection_id = reports.inspection_id FROM reports"
        " WHERE reports.report_id = report_files.report_id"
    )
    op.alter_column("report_files", "inspection_id", existing_type=sa.Uuid(), nullable=False)
    op.create_foreign_key(
        op.f("fk_report_files_inspection_id_inspections"),
        "report_files",
        "inspections",
        ["inspection_id"],
        ["id"],
    )
    op.create_index(op.f("ix_report_files_inspection_id"), "report_files", ["inspection_id"])
    _seen_by("report_files", "wall_seen", OF_INSPECTION.format(table="report_files"))
    _seen_by("report_shares", "wall", OF_INSPECTION.format(table="report_shares"))
    _seen_by("reports", "wall_seen", OF_INSPECTION.format(table="reports"))
    op.drop_index(op.f("ix_report_shares_history_id_created_at"), "report_shares")
    op.drop_constraint(op.f("uq_reports_history_id_version"), "reports")
    for table in ABOUT_ONE:
        op.execute(f"DELETE FROM {table} WHERE history_id IS NOT NULL")  # noqa: S608 - the same
        op.drop_constraint(op.f(f"ck_{table}_one_subject"), table)
        op.drop_constraint(op.f(f"fk_{table}_history_id_history_orders"), table)
        op.alter_column(table, "inspection_id", existing_type=sa.Uuid(), nullable=False)
        op.drop_column(table, "history_id")
    op.drop_table("history_orders")
    op.execute("DROP SEQUENCE history_numbers")
