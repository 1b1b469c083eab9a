"""What the index of cases does not have yet, and its copies."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit.search.keeping.tables import RAISING_V1, raising_v1

revision: Final = "0043"
down_revision: Final[str | None] = "0042"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# What a document is made of, and no more: not what a heartbeat and a tick of the clock change.
OF_CASE: Final = ("number", "state", "claim", "client", "worry", "holder_id", "opened_at", "erased_at")
OF_FINDING: Final = ("text", "explanation", "withdrawn_at", "changed_at")
OF_TASK: Final = ("question", "answer", "decline_note")
RAISING: Final = (
    *raising_v1("cases", "INSERT", of="id"),
    *raising_v1("cases", "UPDATE", of="id", if_changed=OF_CASE),
    *raising_v1("car_names", "INSERT", of="case_id"),
    *raising_v1("car_names", "DELETE", of="case_id"),
    *raising_v1("findings", "INSERT", of="case_id"),
    *raising_v1("findings", "UPDATE", of="case_id", if_changed=OF_FINDING),
    *raising_v1("decisions", "INSERT", of="case_id"),
    *raising_v1("messages", "INSERT", of="case_id"),
    *raising_v1("messages", "UPDATE", of="case_id", if_changed=("text",)),
    *raising_v1("notes", "INSERT", of="case_id"),
    *raising_v1("notes", "UPDATE", of="case_id", if_changed=("text",)),
    *raising_v1("info_tasks", "INSERT", of="case_id"),
    *raising_v1("info_tasks", "UPDATE", of="case_id", if_changed=OF_TASK),
    *raising_v1("disputes", "INSERT", of="case_id"),
    *raising_v1("disputes", "UPDATE", of="case_id", if_changed=("reason",)),
    *raising_v1("check_results", "INSERT", of="case_id", when="NEW.reason IS NOT NULL"),
    *raising_v1("check_results", "UPDATE", of="case_id", if_changed=("reason",)),
    *raising_v1("second_opinions", "INSERT", of="case_id"),
    *raising_v1("second_opinions", "UPDATE", of="case_id", if_changed=("question", "text", "answered_by")),
    *raising_v1("clock_entries", "INSERT", of="case_id", when="NEW.percent = 100"),
    *raising_v1("experts", "UPDATE", of="id", if_changed=("display_name",), spreads=True),
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
    # Nothing waits: the first copy is built of all cases that are there.
    op.execute(
        "INSERT INTO search_marks (id, version, fed, since)"
        " SELECT id, version, version, now()"
        " FROM (SELECT id, nextval('search_versions') AS version FROM cases) AS there"
    )
    for name, condition in (("waiting", "version <> fed"), ("refused", "refused")):
        column = "since" if name == "waiting" else "id"
        op.create_index(
            f"ix_search_marks_{name}", "search_marks", [column], postgresql_where=sa.text(condition)
        )


def downgrade() -> None:
    for table, words in _triggers().items():
        for word in words:
            op.execute(f"DROP TRIGGER search_{word} ON {table}")
            op.execute(f"DROP FUNCTION search_{table}_{word}()")
    op.execute("DROP FUNCTION search_raise(uuid), search_spread(uuid)")
    for table in ("search_copies", "search_spreads", "search_marks"):
        op.drop_table(table)
    op.execute("DROP SEQUENCE search_versions")


def _triggers() -> dict[str, tuple[str, ...]]:
    both = ("insert", "update")
    asked = dict.fromkeys(("cases", "findings", "messages", "notes", "info_tasks", "disputes"), both)
    return asked | {
        "check_results": both,
        "second_opinions": both,
        "car_names": ("insert", "delete"),
        "decisions": ("insert",),
        "clock_entries": ("insert",),
        "experts": ("update",),
    }
