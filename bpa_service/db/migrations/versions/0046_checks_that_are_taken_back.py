"""A check that is taken back takes its reason out of what a case is found by."""

from collections.abc import Sequence
from typing import Final

from alembic import op

from service_kit.search.keeping.tables import raising_v1

revision: Final = "0046"
down_revision: Final[str | None] = "0045"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# What was taken back before is in the index still: the form of the documents was raised with this, so that a new
# copy is built.
RAISING: Final = raising_v1("check_results", "DELETE", of="case_id", when="OLD.reason IS NOT NULL")


def upgrade() -> None:
    for statement in RAISING:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER search_delete ON check_results")
    op.execute("DROP FUNCTION search_check_results_delete()")
