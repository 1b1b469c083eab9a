"""What cases are found by in PostgreSQL: copies of the index, documents, and how words are read."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit.search.postgres.tables import SHORT_ROWS_V1, WITHOUT_WORDS_V1, WORDS_V1

revision: Final = "0044"
down_revision: Final[str | None] = "0043"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

_COPIES: Final = "search_index_copies"
_DOCUMENTS: Final = "search_index_documents"


def upgrade() -> None:
    op.create_table(
        _COPIES,
        sa.Column("copy", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_as", sa.String(length=32), nullable=False),
        sa.Column("is_live", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("copy", name=op.f("pk_search_index_copies")),
    )
    op.create_index(
        "ix_search_index_copies_live",
        _COPIES,
        ["is_live"],
        unique=True,
        postgresql_where=sa.text("is_live"),
    )
    op.create_table(
        _DOCUMENTS,
        sa.Column("copy", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(length=200)),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("facets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("lexemes", postgresql.TSVECTOR(), nullable=False),
        *(
            sa.Column(name, postgresql.TSVECTOR())
            for name in ("about", "people", "findings", "answer", "messages", "notes")
        ),
        sa.PrimaryKeyConstraint("copy", "id", name=op.f("pk_search_index_documents")),
    )
    op.create_index("ix_search_index_documents_lexemes", _DOCUMENTS, ["lexemes"], postgresql_using="gin")
    op.create_index("ix_search_index_documents_at", _DOCUMENTS, ["copy", "at", "id"])
    op.create_index("ix_search_index_documents_owner", _DOCUMENTS, ["copy", "owner", "at", "id"])
    for statement in (SHORT_ROWS_V1, *WORDS_V1):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(_DOCUMENTS)
    op.drop_table(_COPIES)
    for statement in WITHOUT_WORDS_V1:
        op.execute(statement)
