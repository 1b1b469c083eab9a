"""One database and one login role per service on one server, neither open to the other's role."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from deploy.embedded.postgres import run_sql

LIST: Final = "SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database;"


@dataclass(frozen=True)
class Database:
    """`name` names the role that owns it, too."""

    name: str
    password: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name) or not re.fullmatch(r"[\w-]+", self.password):
            raise ValueError("names and passwords stand unquoted in scripts and addresses")

    def url(self, superuser_url: str) -> str:
        """Its address on the server of `superuser_url`, for its own role."""
        server = urlsplit(superuser_url)
        return f"postgresql://{self.name}:{self.password}@{server.hostname}:{server.port or 5432}/{self.name}"


def prepare(superuser_url: str, databases: Sequence[Database]) -> dict[str, str]:
    """Make what is missing. Returns each database's mark (see `mark_migrated`), empty if it has none."""
    script = "".join(_script(database) for database in databases) + LIST
    marks = dict(line.split("\t", 1) for line in run_sql(superuser_url, script).splitlines())
    return {database.name: marks[database.name] for database in databases}


def mark_migrated(superuser_url: str, name: str, digest: str) -> None:
    """Note in the database itself with which migrations it is up to date, so that it need not be asked again.

    Asking alembic takes about two seconds of loading.
    """
    run_sql(superuser_url, f"COMMENT ON DATABASE {name} IS '{digest}';")


def migrations_digest(folder: Path) -> str:
    """Changes when any migration does."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"migrations {digest.hexdigest()}"


def _script(database: Database) -> str:
    name, password = database.name, database.password
    return f"""
SELECT 'CREATE ROLE {name} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
ALTER ROLE {name} PASSWORD '{password}';
SELECT 'CREATE DATABASE {name} OWNER {name}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
REVOKE ALL ON DATABASE {name} FROM PUBLIC;
"""  # noqa: S608 - the name and the password were checked when the Database was made
