"""What a migration does to a table that grows, while others read and write it.

Each takes as long as it takes, and nobody waits for it, so none has a time-out. An index is built outside a
transaction: a migration that builds or drops one does nothing else, since a part of it would stay done when the
rest fails (`deploy.migration_check` refuses it).

For migrations only: alembic takes long to load.
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import TextClause


def create_index(
    name: str, table: str, columns: Sequence[str | TextClause], *, unique: bool = False, where: str = ""
) -> None:
    """Build an index beside those who write. What an earlier try left of it, which is no index, is removed."""
    with op.get_context().autocommit_block():
        _take_your_time()
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            list(columns),
            unique=unique,
            postgresql_where=where or None,
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        _hurry_again()


def drop_index(name: str, table: str) -> None:
    """Drop an index beside those who read."""
    with op.get_context().autocommit_block():
        _take_your_time()
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        _hurry_again()


def validate(constraint: str, table: str) -> None:
    """Look at the rows that were there before the constraint, which an earlier migration made as NOT VALID."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")


def _take_your_time() -> None:
    # The locks that it waits for hold up nobody who reads or writes.
    op.execute("SET lock_timeout = 0")
    op.execute("SET statement_timeout = 0")


def _hurry_again() -> None:
    op.execute("RESET lock_timeout")
    op.execute("RESET statement_timeout")
