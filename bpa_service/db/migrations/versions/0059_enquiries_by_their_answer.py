"""Questions about vehicles by when they were answered: those of the last hour are counted at each scrape."""

from collections.abc import Sequence
from typing import Final

from service_kit import concurrently

revision: Final = "0059"
down_revision: Final[str | None] = "0058"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

_TABLE: Final = "vehicle_enquiries"
_NAME: Final = "ix_vehicle_enquiries_answered_at"


def upgrade() -> None:
    concurrently.create_index(_NAME, _TABLE, ["answered_at"])


def downgrade() -> None:
    concurrently.drop_index(_NAME, _TABLE)
