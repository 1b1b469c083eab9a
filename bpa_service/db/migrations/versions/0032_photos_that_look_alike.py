"""What photos look like, and which look like one of another case."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0032"
down_revision: Final[str | None] = "0031"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
PARTS: Final = 8


def upgrade() -> None:
    # The photos that are there are due by this default, and so are those of processes of the version before.
    op.add_column(
        "evidence", sa.Column("hash_due_at", sa.DateTime(timezone=True), server_default=sa.func.now())
    )
    op.create_index(
        "ix_evidence_hash_due_at",
        "evidence",
        ["hash_due_at"],
        postgresql_where=sa.text("hash_due_at IS NOT NULL"),
    )
    op.execute(
        "UPDATE evidence SET hash_due_at = NULL"
        " WHERE case_id IN (SELECT id FROM cases WHERE erased_at IS NOT NULL)"
    )
    parts = [f"part_{number}" for number in range(PARTS)]
    op.create_table(
        "photo_hashes",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        *(sa.Column(part, sa.Integer(), nullable=False) for part in parts),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_photo_hashes_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_photo_hashes")),
    )
    for column in ("case_id", *parts):
        op.create_index(op.f(f"ix_photo_hashes_{column}"), "photo_hashes", [column])
    op.create_table(
        "similar_photos",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("distance", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_similar_photos_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["evidence.id"], name=op.f("fk_similar_photos_other_id_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", "other_id", name=op.f("pk_similar_photos")),
    )
    for column in ("case_id", "other_id"):
        op.create_index(op.f(f"ix_similar_photos_{column}"), "similar_photos", [column])
    for table in ("photo_hashes", "similar_photos"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by="false")


def downgrade() -> None:
    op.drop_table("similar_photos")
    op.drop_table("photo_hashes")
    op.drop_index("ix_evidence_hash_due_at", "evidence")
    op.drop_column("evidence", "hash_due_at")
