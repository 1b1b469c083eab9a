"""Parquet, batch by batch: by arrow's implementation in Rust, a fifth of the size of the one in C++."""

from collections.abc import Iterator
from typing import IO, Any

import arro3.io

from bpa_service.vehicles.reading.blocks import Block, Cells, Table
from bpa_service.vehicles.reading.headers import names_of
from bpa_service.vehicles.reading.limits import ROWS_OF_BLOCK
from bpa_service.vehicles.records.rejects import FileReason, FileRefused


def read_parquet(stream: IO[bytes], file: str) -> Table:
    """The table in `stream`, which can be sought in. Raises `FileRefused` if it is damaged."""
    try:
        reader = arro3.io.read_parquet(stream, batch_size=ROWS_OF_BLOCK)
        names = names_of(reader.schema.names)
    except BaseException as error:  # a panic of Rust derives from nothing closer, and does no harm
        raise _damaged(error) from error
    return Table(file, names, _blocks(reader))


def _blocks(reader: Any) -> Iterator[Block[Cells]]:
    number = 0
    batches = iter(reader)
    while True:
        try:
            batch = next(batches, None)
            columns = (
                [] if batch is None else [batch.column(at).to_pylist() for at in range(batch.num_columns)]
            )
        except BaseException as error:
            raise _damaged(error, number) from error
        if batch is None:
            return
        rows: list[Cells] = list(zip(*columns, strict=True))
        yield Block(rows, list(range(number + 1, number + 1 + len(rows))))
        number += len(rows)


def _damaged(error: BaseException, row: int = 0) -> FileRefused:
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return FileRefused(FileReason.DAMAGED, row=row, details=(str(error)[:200],))
