"""Where a channel tells every address of a person, each has a delivery of its own."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0024"
down_revision: Final[str | None] = "0023"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "notification_deliveries"
BEFORE: Final = "uq_notification_deliveries_notification_id_channel"
NOW: Final = "uq_notification_deliveries_notification_id_channel_address_id"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("address_id", sa.Uuid()))
    op.create_unique_constraint(
        NOW, TABLE, ["notification_id", "channel", "address_id"], postgresql_nulls_not_distinct=True
    )
    op.drop_constraint(BEFORE, TABLE)


def downgrade() -> None:
    op.execute(
        """
        DELETE FROM notification_deliveries AS one USING notification_deliveries AS other
        WHERE other.notification_id = one.notification_id AND other.channel = one.channel AND other.id < one.id
        """
    )
    op.create_unique_constraint(BEFORE, TABLE, ["notification_id", "channel"])
    op.drop_constraint(NOW, TABLE)
    op.drop_column(TABLE, "address_id")
