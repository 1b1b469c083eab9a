"""Vehicle records, in ClickHouse's format Native: `INSERT INTO … FORMAT Native` of any ClickHouse reads it.

Kept are the records of the imports that were published at the moment at which PostgreSQL was seen, and the
rejects of the same: what an import under way has brought waits in tables of its own, and comes anew. PostgreSQL
knows what each has brought: were ClickHouse's rows others, a restore would say that nothing is on record.
"""

from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from clickhouse_driver import Client
from clickhouse_driver.block import ColumnOrientedBlock
from clickhouse_driver.errors import Error

from bpa_service.vehicles.store.schema import RECORDS, REJECTS, REJECTS_TABLE, records_table
from deploy.backup.errors import BackupFailed, Refused
from deploy.backup.manifest import Kind
from deploy.embedded.clickhouse.protocol import blocks_of, in_format

_BATCH: Final = 100_000
"""So many rows are held in memory at once, some 100 MB of records."""
_MADE: Final = {RECORDS: records_table(RECORDS), REJECTS: REJECTS_TABLE}
TABLES: Final[dict[Kind, str]] = {"records": RECORDS, "rejects": REJECTS}
_SPREAD_BY: Final = {RECORDS: "value, name, key", REJECTS: "file, row"}
# Each word that is taken back is a row as well, and those of an import that is being undone go one by one.
PUBLISHED: Final = """
    SELECT number, CASE state WHEN 'published' THEN coalesce(added, 0) + coalesce(withdrawn, 0) END AS rows
    FROM vehicle_imports WHERE state IN ('published', 'undoing') ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """An import whose records are shown: its number, and the rows that it has in ClickHouse.

    `rows` is None while it is being undone.
    """

    number: int
    rows: int | None


class Store:
    """The tables of records at an address `clickhouse://…`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def check_free(self, *, replaces: bool) -> None:
        """Raises Refused if there are records that nobody said are to be replaced."""
        with self.client() as client:
            for table in () if replaces else TABLES.values():
                if _exists(client, table) and client.execute(f"SELECT count() FROM {table}")[0][0]:
                    raise Refused(
                        "ClickHouse holds records already; --replace puts the backup in their place"
                    )

    def packing(self, kind: Kind, runs: Collection[Shown]) -> "Packing":
        return Packing(self, TABLES[kind], runs)

    def replace(self, kind: Kind, source: BinaryIO) -> int:
        """Put what was packed in the place of what the table holds; returns how many rows.

        Raises BackupFailed.
        """
        table, count = TABLES[kind], 0
        with self.client() as client:
            client.execute(f"DROP TABLE IF EXISTS {table} SYNC")
            client.execute(_MADE[table])
            for block in blocks_of(source):
                names = ", ".join(f"`{name}`" for name, _ in block.columns_with_types)
                try:
                    client.execute(f"INSERT INTO {table} ({names}) VALUES", list(block.data), columnar=True)
                except Error as error:
                    raise BackupFailed(f"ClickHouse does not take the records: {error}") from None
                count += block.num_rows
        return count

    @contextmanager
    def client(self) -> Generator[Any]:
        """A connection. Raises Refused."""
        try:
            client: Any = Client.from_url(self._url)
            client.execute("SELECT 1")
        except (Error, OSError, EOFError) as error:
            raise Refused(f"ClickHouse does not let us in: {error}") from None
        client.client_settings["strings_as_bytes"] = True
        try:
            yield client
        finally:
            client.disconnect()


class Packing:
    """Writes the rows of some imports, and counts them."""

    def __init__(self, store: Store, table: str, runs: Collection[Shown]) -> None:
        self._store, self._table, self._runs = store, table, runs
        self.count = 0

    def fill(self, sink: BinaryIO) -> None:
        """Raises BackupFailed where ClickHouse does not hold what PostgreSQL says was brought."""
        with self._store.client() as client:
            if not _exists(client, self._table):
                if self._runs:
                    raise _lost(f"has no table {self._table}, and {len(self._runs):,} imports are published")
                return
            for run in self._runs:
                found = 0
                for block in _blocks(client, self._table, run.number):
                    sink.write(in_format(iter((block,))))
                    found += block.num_rows
                if self._table == RECORDS and run.rows is not None and found != run.rows:
                    raise _lost(
                        f"holds {found:,} rows of import {run.number}, which has brought {run.rows:,}"
                    )
                self.count += found


def _lost(what: str) -> BackupFailed:
    return BackupFailed(
        f"ClickHouse {what}. Restored, it would say of cars that nothing is on record. Bring its data back or "
        "undo the imports first; with an empty BPA_CLICKHOUSE_URL everything else is backed up"
    )


def _exists(client: Any, table: str) -> bool:
    return bool(client.execute(f"EXISTS TABLE {table}")[0][0])


def _blocks(client: Any, table: str, run: int) -> Iterator[ColumnOrientedBlock]:
    """The rows of one import in batches: each reads the table, and none holds more than memory has."""
    described = client.execute(f"DESCRIBE TABLE {table}")
    types = [(name.decode(), kind.decode()) for name, kind, *_ in described]
    [[rows]] = client.execute(f"SELECT count() FROM {table} WHERE run = {run}")
    batches = -(-rows // _BATCH)
    for batch in range(batches):
        where = f"run = {run} AND cityHash64({_SPREAD_BY[table]}) % {batches} = {batch}"
        columns = client.execute(f"SELECT * FROM {table} WHERE {where}", columnar=True)
        if columns:
            yield ColumnOrientedBlock(columns_with_types=types, data=[list(column) for column in columns])
