"""Row level security, and the role that a service connects as.

A table that has it shows a transaction the rows of its scope (`db.Scope`) and lets it write no others, whatever
statement is sent. The policies hold for the owner of the tables too (FORCE); only a superuser bypasses them, so
no service connects as one (`Database.check`), nor as the owner, who could drop them.

For migrations and the command line only: alembic takes long to load.
"""

from typing import Any, Final

import asyncpg
from alembic import op

from service_kit import audit

APPEND_ONLY: Final = (audit.TABLE,)
"""In these a service adds rows, and can neither change nor delete them."""
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


def enable(table: str, *, seen_by: str, written_by: str | None = None) -> None:
    """Turn row level security on, in a migration: conditions in SQL of the rows that a scope sees, and writes.

    Without `written_by` whoever sees a row may write it. The service itself (`db.SYSTEM`) always may.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    if written_by is None:
        op.execute(f"CREATE POLICY wall ON {table} USING ({IS_SYSTEM} OR {seen_by})")
    else:
        op.execute(f"CREATE POLICY wall_seen ON {table} FOR SELECT USING ({IS_SYSTEM} OR {seen_by})")
        op.execute(f"CREATE POLICY wall_written ON {table} USING ({IS_SYSTEM} OR {written_by})")


def let_in(table: str, *, who: str, where: str) -> None:
    """Beside whom the table's wall lets in: let in others, to the rows for which the condition holds."""
    op.execute(f"CREATE POLICY {who} ON {table} USING ({where})")


def keep_out(table: str, *, who: str, unless: str) -> None:
    """Whomever another policy of the table lets in: keep out those for whom the condition does not hold."""
    op.execute(f"CREATE POLICY not_{who} ON {table} AS RESTRICTIVE USING ({unless})")


async def grant(owner_url: str, role: str) -> None:
    """Give the service's role what the service needs and nothing more. Done again it changes nothing.

    Raises NoSuchRole. Where the role is the owner itself there is nothing to give.
    """
    connection: Any = await asyncpg.connect(owner_url, timeout=10)
    try:
        async with connection.transaction():
            if await connection.fetchval("SELECT current_user") == role:
                return
            quoted = await connection.fetchval(
                "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = $1", role
            )
            if quoted is None:
                raise NoSuchRole(role)
            await connection.execute(_grants(quoted))
    finally:
        await connection.close()


class NoSuchRole(LookupError):
    """The role that the service is to connect as does not exist yet."""


def _grants(role: str) -> str:
    """`role` is quoted already; the tables are named by our own code."""
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
        *(f"REVOKE UPDATE, DELETE ON {table} FROM {role}" for table in APPEND_ONLY),
    ]
    return "; ".join(statements)
