"""Who gave the answer that counts, for whoever did looks at no dispute of it; and what a dispute is about."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0049"
down_revision: Final[str | None] = "0048"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

_NONE: Final = sa.text("'{}'")


def upgrade() -> None:
    op.add_column("cases", sa.Column("answered_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_cases_answered_by_experts"), "cases", "experts", ["answered_by"], ["id"])
    op.execute(
        "UPDATE cases SET answered_by = answer.author_id FROM (SELECT DISTINCT ON (case_id) case_id, author_id"
        " FROM decisions WHERE kind <> 'preliminary' ORDER BY case_id, version DESC) AS answer"
        " WHERE answer.case_id = cases.id"
    )
    for name in ("finding_ids", "evidence_ids"):
        column = sa.Column(name, postgresql.ARRAY(sa.Uuid()), server_default=_NONE, nullable=False)
        op.add_column("disputes", column)


def downgrade() -> None:
    op.drop_column("disputes", "evidence_ids")
    op.drop_column("disputes", "finding_ids")
    op.drop_constraint(op.f("fk_cases_answered_by_experts"), "cases", type_="foreignkey")
    op.drop_column("cases", "answered_by")
