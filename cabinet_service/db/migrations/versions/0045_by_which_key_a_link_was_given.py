"""By which key of a program a link to a car was given."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0045"
down_revision: Final[str | None] = "0044"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("yard_links", sa.Column("key_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_yard_links_key_id"), "yard_links", ["key_id"])
    op.create_foreign_key(op.f("fk_yard_links_key_id_api_keys"), "yard_links", "api_keys", ["key_id"], ["id"])


def downgrade() -> None:
    op.drop_column("yard_links", "key_id")
