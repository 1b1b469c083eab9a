"""What the index of inspections does not have yet, and its copies."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit.search.keeping.tables import RAISING_V1, raising_v1

revision: Final = "0027"
down_revision: Final[str | None] = "0026"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# What a document is made of, and no more. A draft has none.
OF_INSPECTION: Final = (
    *("number", "account_id", "company_id", "state", "identifier", "identifier_kind_asked", "plate", "make"),
    *("model", "year", "worry", "expert_name", "ended_note", "submitted_at", "erased_at"),
)
SUBMITTED: Final = "NEW.submitted_at IS NOT NULL"
TEXTS: Final = {
    "messages": ("text",),
    "info_tasks": ("question", "answer", "decline_note"),
    "disputes": ("reason",),
    "decisions": ("body",),
}
RAISING: Final = (
    *raising_v1("inspections", "INSERT", of="id", when=SUBMITTED),
    *raising_v1("inspections", "UPDATE", of="id", when=SUBMITTED, if_changed=OF_INSPECTION),
    *(
        statement
        for table, texts in TEXTS.items()
        for statement in (
            *raising_v1(table, "INSERT", of="inspection_id"),
            *raising_v1(table, "UPDATE", of="inspection_id", if_changed=texts),
        )
    ),
)


def upgrade() -> None:
    op.create_table(
        "search_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("fed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("refused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_marks")),
    )
    op.create_table(
        "search_spreads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_spreads")),
    )
    op.create_table(
        "search_copies",
        sa.Column("copy", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("made_of", sa.String(length=64), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("documents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("about", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compared", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("differences", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("copy", name=op.f("pk_search_copies")),
    )
    for statement in (*RAISING_V1, *RAISING):
        op.execute(statement)
    # Nothing waits: the first copy is built of all inspections that are there.
    op.execute(
        "INSERT INTO search_marks (id, version, fed, since)"
        " SELECT id, version, version, now()"
        " FROM (SELECT id, nextval('search_versions') AS version FROM inspections"
        " WHERE submitted_at IS NOT NULL) AS there"
    )
    for name, condition in (("waiting", "version <> fed"), ("refused", "refused")):
        column = "since" if name == "waiting" else "id"
        op.create_index(
            f"ix_search_marks_{name}", "search_marks", [column], postgresql_where=sa.text(condition)
        )


def downgrade() -> None:
    for table in ("inspections", *TEXTS):
        for word in ("insert", "update"):
            op.execute(f"DROP TRIGGER search_{word} ON {table}")
            op.execute(f"DROP FUNCTION search_{table}_{word}()")
    op.execute("DROP FUNCTION search_raise(uuid), search_spread(uuid)")
    for table in ("search_copies", "search_spreads", "search_marks"):
        op.drop_table(table)
    op.execute("DROP SEQUENCE search_versions")
