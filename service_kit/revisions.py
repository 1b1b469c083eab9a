"""Whether a database was migrated to what this code needs, told without alembic, which takes long to load."""

from pathlib import Path

from service_kit.pool import Pool


class NotMigrated(Exception):
    """The database lacks migrations that this code has: `migrate` runs them."""


class Revisions:
    """The migrations of a folder. Their files begin with their revisions, which are numbers of one width."""

    def __init__(self, folder: Path) -> None:
        self.known = frozenset(
            file.name.partition("_")[0] for file in (folder / "versions").glob("[0-9]*.py")
        )
        self.head = max(self.known)

    async def check(self, pool: Pool) -> None:
        """Raise NotMigrated (for /readyz).

        A revision that is not known here is a newer version's, which migrates before it starts. What it adds does
        not concern us, so we serve on until we are replaced.
        """
        async with pool.statements() as session:
            [[is_there]] = await session.fetch("SELECT to_regclass('alembic_version') IS NOT NULL")
            if not is_there:
                raise NotMigrated
            rows = await session.fetch("SELECT version_num FROM alembic_version")
        current: str | None = rows[0][0] if rows else None
        if current is None or (current in self.known and current != self.head):
            raise NotMigrated
