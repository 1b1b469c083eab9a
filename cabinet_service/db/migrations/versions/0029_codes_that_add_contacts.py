"""Codes that add a contact to an account, and let nobody in."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0029"
down_revision: Final[str | None] = "0028"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("sign_in_challenges", sa.Column("account_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_sign_in_challenges_account_id_accounts", "sign_in_challenges", "accounts", ["account_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("sign_in_challenges", "account_id")
