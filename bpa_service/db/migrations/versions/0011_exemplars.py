"""The reference base: everybody at the desk sees it, seniors and administrators write it."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0011"
down_revision: Final[str | None] = "0010"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
KEEPS_EXEMPLARS: Final = f"{setting('role')} IN ('senior', 'bpa_admin')"


def upgrade() -> None:
    op.create_table(
        "exemplars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("make", sa.String(length=64), nullable=False),
        sa.Column("make_key", sa.String(length=192), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=True),
        sa.Column("plant", sa.String(length=100), nullable=True),
        sa.Column("year_from", sa.SmallInteger(), nullable=True),
        sa.Column("year_to", sa.SmallInteger(), nullable=True),
        sa.Column("marking", sa.String(length=32), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("height", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["experts.id"], name=op.f("fk_exemplars_author_id_experts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplars")),
    )
    op.create_index(op.f("ix_exemplars_added_at_id"), "exemplars", ["added_at", "id"])
    op.create_index(op.f("ix_exemplars_make_key_added_at_id"), "exemplars", ["make_key", "added_at", "id"])
    op.create_index(
        "uq_exemplars_sha256_in_use",
        "exemplars",
        ["sha256"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "exemplar_pictures",
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemplar_id"], ["exemplars.id"], name=op.f("fk_exemplar_pictures_exemplar_id_exemplars")
        ),
        sa.PrimaryKeyConstraint("exemplar_id", name=op.f("pk_exemplar_pictures")),
    )
    # It is compressed already: PostgreSQL need not try, and reads a part without the whole.
    op.execute("ALTER TABLE exemplar_pictures ALTER COLUMN bytes SET STORAGE EXTERNAL")
    for table in ("exemplars", "exemplar_pictures"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by=KEEPS_EXEMPLARS)


def downgrade() -> None:
    op.drop_table("exemplar_pictures")
    op.drop_table("exemplars")
