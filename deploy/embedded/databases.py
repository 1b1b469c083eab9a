"""One database per service on one server, and two login roles for it, neither of which gets into the other's.

The owner migrates it; the service connects as a role that owns nothing, so that its row level security holds.
"""

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
    """`name` names the role that owns it, too; `password` is the owner's, `service_password` the service's."""

    name: str
    password: str
    service_password: str

    def __post_init__(self) -> None:
        passwords = (self.password, self.service_password)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name) or not all(
            re.fullmatch(r"[\w-]+", password) for password in passwords
        ):
            raise ValueError("names and passwords stand unquoted in scripts and addresses")

    @property
    def service_role(self) -> str:
        return f"{self.name}_service"

    def owner_url(self, superuser_url: str) -> str:
        """Its address on the server of `superuser_url`, for its owner."""
        return self._url(superuser_url, self.name, self.password)

    def service_url(self, superuser_url: str) -> str:
        """The same for the service's role."""
        return self._url(superuser_url, self.service_role, self.service_password)

    def _url(self, superuser_url: str, role: str, password: str) -> str:
        server = urlsplit(superuser_url)
        return f"postgresql://{role}:{password}@{server.hostname}:{server.port or 5432}/{self.name}"


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
    name = database.name
    roles = ((name, database.password), (database.service_role, database.service_password))
    return f"""
{"".join(_role(role, password) for role, password in roles)}
SELECT 'CREATE DATABASE {name} OWNER {name}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
REVOKE ALL ON DATABASE {name} FROM PUBLIC;
GRANT CONNECT ON DATABASE {name} TO {database.service_role};
"""  # noqa: S608 - the name and the passwords were checked when the Database was made


def _role(name: str, password: str) -> str:
    return f"""
SELECT 'CREATE ROLE {name} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
ALTER ROLE {name} PASSWORD '{password}';
"""  # noqa: S608 - the same
