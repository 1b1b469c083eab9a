"""Walls between people: row level security, and the role that a service connects as.

A table behind a wall shows a transaction the rows of its scope (`db.Scope`) and lets it write no others, whatever
statement is sent. The walls hold for the owner of the tables too (FORCE); only a superuser is above them, so no
service connects as one (`Database.check`), nor as the owner, who could pull them down.

For migrations and the command line only: alembic takes long to load.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from alembic import op

# Read once a statement and not once a row: PostgreSQL makes a subquery without outer columns an initial plan.
IS_SYSTEM: Final = "(SELECT current_setting('app.scope', true)) = 'system'"


def setting(name: str) -> str:
    """The setting of the transaction's scope, in SQL; NULL, which equals nothing, where there is none."""
    return f"(SELECT nullif(current_setting('app.{name}', true), ''))"


def id_in(name: str) -> str:
    """The id in a setting, in SQL."""
    return f"(SELECT nullif(current_setting('app.{name}', true), '')::uuid)"


def ids_in(name: str) -> str:
    """The ids in a setting, in SQL, for `= ANY (…)`; none where there is no such setting."""
    return f"(SELECT nullif(current_setting('app.{name}', true), '')::uuid[])::uuid[]"


def build(table: str, *, seen_by: str, written_by: str | None = None) -> None:
    """Put a wall around a table, in a migration: conditions in SQL of the rows that a scope sees, and writes.

    Without `written_by` whoever sees a row may write it. The service itself (`db.SYSTEM`) always may.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    if written_by is None:
        op.execute(f"CREATE POLICY wall ON {table} USING ({IS_SYSTEM} OR {seen_by})")
    else:
        op.execute(f"CREATE POLICY wall_seen ON {table} FOR SELECT USING ({IS_SYSTEM} OR {seen_by})")
        op.execute(f"CREATE POLICY wall_written ON {table} USING ({IS_SYSTEM} OR {written_by})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the service's own role may do in its database: in tables `append_only` add and read, no more."""

    role: str
    append_only: Collection[str] = field(default=())


async def grant(owner_url: str, rights: Rights) -> None:
    """Give the role what the service needs and nothing more. Done again it changes nothing.

    Raises NoSuchRole. Where the role is the owner itself there is nothing to give.
    """
    connection: Any = await asyncpg.connect(owner_url, timeout=10)
    try:
        async with connection.transaction():
            if await connection.fetchval("SELECT current_user") == rights.role:
                return
            role = await connection.fetchval(
                "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = $1", rights.role
            )
            if role is None:
                raise NoSuchRole(rights.role)
            await connection.execute(_grants(role, rights.append_only))
    finally:
        await connection.close()


class NoSuchRole(LookupError):
    """The role that the service is to connect as does not exist yet."""


def _grants(role: str, append_only: Collection[str]) -> str:
    """`role` is quoted already; the tables are named by our own code."""
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
        *(f"REVOKE UPDATE, DELETE ON {table} FROM {role}" for table in append_only),
    ]
    return "; ".join(statements)
