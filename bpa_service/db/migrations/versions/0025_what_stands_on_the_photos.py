"""What stands on the photos: what the reader proposes, and what experts say, version after version."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0025"
down_revision: Final[str | None] = "0024"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
WORKS_ON_CASES: Final = f"{setting('role')} IN ('expert', 'senior', 'shift_lead')"


def upgrade() -> None:
    op.create_table(
        "photo_readings",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=25), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("accepted_from", sa.String(length=32), nullable=True),
        sa.Column("region", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["experts.id"], name=op.f("fk_photo_readings_author_id_experts")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_photo_readings_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_photo_readings_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", "version", name=op.f("pk_photo_readings")),
    )
    op.create_index(op.f("ix_photo_readings_case_id"), "photo_readings", ["case_id"])
    op.create_table(
        "reading_proposals",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column(
            "candidates",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("number_seen", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("of_copy", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reading_proposals_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_reading_proposals_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_reading_proposals")),
    )
    op.create_index(op.f("ix_reading_proposals_case_id"), "reading_proposals", ["case_id"])
    # Only the service writes what the reader says, and changes what experts said: when a client is forgotten.
    for table in ("reading_proposals", "photo_readings"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by="false")
    op.execute(f"CREATE POLICY wall_added ON photo_readings FOR INSERT WITH CHECK ({WORKS_ON_CASES})")


def downgrade() -> None:
    op.drop_table("reading_proposals")
    op.drop_table("photo_readings")
