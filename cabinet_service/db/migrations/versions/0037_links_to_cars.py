"""Links by which whoever stands at a car photographs it, and who is in the scope of one."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import id_in, setting

revision: Final = "0037"
down_revision: Final[str | None] = "0036"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)
RECEIVING: Final = sa.text("state = 'receiving'")

BY_LINK: Final = f"{setting('scope')} = 'link'"
NOT_BY_LINK: Final = f"{setting('scope')} IS DISTINCT FROM 'link'"
THE_CAR: Final = id_in("inspection_id")
THE_LINK: Final = id_in("link_id")

# What whoever has a link works on, beside what belongs to the inspection: its photos, questions and timeline.
LET_IN: Final = {
    "inspections": f"{BY_LINK} AND id = {THE_CAR}",
    "uploads": f"{BY_LINK} AND link_id = {THE_LINK}",
    "idempotency_keys": f"{BY_LINK} AND owner = 'link:' || {setting('link_id')}",
    # A question that is answered is told to nobody any more.
    "notifications": f"{BY_LINK} AND inspection_id = {THE_CAR} AND info_task_id IS NOT NULL",
    "notification_deliveries": (
        f"{BY_LINK} AND EXISTS (SELECT FROM notifications"
        " WHERE notifications.id = notification_deliveries.notification_id)"
    ),
}
# What is seen by whoever sees the inspection, and is no business of theirs.
KEPT_OUT: Final = (
    "clocks",
    "decisions",
    "disputes",
    "messages",
    "outcomes",
    "ratings",
    "report_files",
    "report_shares",
    "reports",
)


def upgrade() -> None:
    op.create_table(
        "yard_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.Column("may_submit", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("shows_note", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("visits", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_yard_links_account_id_accounts"),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name="fk_yard_links_inspection_id_inspections"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_yard_links"),
        sa.UniqueConstraint("token_sha256", name="uq_yard_links_token_sha256"),
    )
    op.create_index("ix_yard_links_inspection_id_created_at", "yard_links", ["inspection_id", "created_at"])
    op.add_column("evidence", sa.Column("link_id", sa.Uuid(), nullable=True))
    op.add_column("uploads", sa.Column("link_id", sa.Uuid(), nullable=True))
    op.drop_index("uq_uploads_receiving", table_name="uploads")
    op.create_index(
        "uq_uploads_receiving",
        "uploads",
        ["inspection_id", "sha256", "account_id", "link_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=RECEIVING,
    )
    of_inspection = "EXISTS (SELECT FROM inspections WHERE inspections.id = yard_links.inspection_id)"
    # Whoever has a link sees that one, and no other to the same car.
    rls.enable("yard_links", seen_by=f"({NOT_BY_LINK} AND {of_inspection}) OR id = {THE_LINK}")
    for table, condition in LET_IN.items():
        rls.let_in(table, who="by_link", where=condition)
    for table in KEPT_OUT:
        rls.keep_out(table, who="by_link", unless=NOT_BY_LINK)


def downgrade() -> None:
    for table in KEPT_OUT:
        op.execute(f"DROP POLICY not_by_link ON {table}")
    for table in LET_IN:
        op.execute(f"DROP POLICY by_link ON {table}")
    op.drop_table("yard_links")
    op.drop_index("uq_uploads_receiving", table_name="uploads")
    op.execute("DELETE FROM uploads WHERE link_id IS NOT NULL")
    op.drop_column("uploads", "link_id")
    op.create_index(
        "uq_uploads_receiving",
        "uploads",
        ["inspection_id", "sha256", "account_id"],
        unique=True,
        postgresql_where=RECEIVING,
    )
    op.drop_column("evidence", "link_id")
