"""What one is told of an ordered history is seen by whoever sees the history."""

from collections.abc import Sequence
from typing import Final

from alembic import op

from service_kit import rls

revision: Final = "0047"
down_revision: Final[str | None] = "0046"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

OF_INSPECTION: Final = "EXISTS (SELECT FROM inspections WHERE inspections.id = notifications.inspection_id)"
OF_EITHER: Final = (
    f"{OF_INSPECTION}"
    " OR EXISTS (SELECT FROM history_orders WHERE history_orders.id = notifications.inspection_id)"
)


def upgrade() -> None:
    _seen_by(OF_EITHER)


def downgrade() -> None:
    op.execute("DELETE FROM notifications WHERE kind = 'history_ready'")
    _seen_by(OF_INSPECTION)


def _seen_by(condition: str) -> None:
    op.execute(f"ALTER POLICY wall ON notifications USING ({rls.IS_SYSTEM} OR {condition})")
