"""The audit log becomes a chain of hashes; what is on it already is chained in the order of its positions."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit.audit_chain import GUARD_V1

revision: Final = "0002"
down_revision: Final[str | None] = "0001"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.alter_column("audit_entries", "case_id", new_column_name="subject_id")
    op.execute("ALTER INDEX ix_audit_entries_case_id_position RENAME TO ix_audit_entries_subject_id_position")
    op.execute("ALTER TABLE audit_entries ALTER position DROP IDENTITY")
    op.execute("CREATE TEMPORARY TABLE unchained ON COMMIT DROP AS SELECT * FROM audit_entries")
    op.execute("TRUNCATE audit_entries")
    op.add_column("audit_entries", sa.Column("hash", sa.LargeBinary(), nullable=False))
    for statement in GUARD_V1:
        op.execute(statement)
    op.execute(
        "INSERT INTO audit_entries (at, actor_id, actor_name, act, subject_id, details)"
        " SELECT at, actor_id, actor_name, act, subject_id, details FROM unchained ORDER BY position"
    )
