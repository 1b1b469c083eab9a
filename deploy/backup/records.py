"""Vehicle records, in ClickHouse's format Native: `INSERT INTO … FORMAT Native` of any ClickHouse reads it.

Kept are the records of the imports that were published at the moment at which PostgreSQL was seen, and the
rejects of the same: what an import under way has brought waits in tables of its own, and comes anew.
"""

from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
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
PUBLISHED: Final = "SELECT number FROM vehicle_imports WHERE state IN ('published', 'undoing')"


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

    def packing(self, kind: Kind, runs: Collection[int]) -> "Packing":
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

    def __init__(self, store: Store, table: str, runs: Collection[int]) -> None:
        self._store, self._table, self._runs = store, table, runs
        self.count = 0

    def fill(self, sink: BinaryIO) -> None:
        with self._store.client() as client:
            if not _exists(client, self._table):
                return
            for run in sorted(self._runs):
                for block in _blocks(client, self._table, run):
                    sink.write(in_format(iter((block,))))
                    self.count += block.num_rows


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
