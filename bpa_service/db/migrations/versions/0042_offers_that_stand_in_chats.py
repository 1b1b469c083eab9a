"""Messages in chats, below which a button to take a case still stands."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls

revision: Final = "0042"
down_revision: Final[str | None] = "0041"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "telegram_offers",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_telegram_offers"),
    )
    op.create_index("ix_telegram_offers_case_id", "telegram_offers", ["case_id"])
    # Whose a chat is, the service finds out first.
    rls.enable("telegram_offers", seen_by="false")


def downgrade() -> None:
    op.drop_table("telegram_offers")
