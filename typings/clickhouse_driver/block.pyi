from collections.abc import Sequence
from typing import Any

from clickhouse_driver.bufferedwriter import BufferedSocketWriter

class BlockInfo:
    def write(self, buf: BufferedSocketWriter) -> None: ...

class ColumnOrientedBlock:
    columns_with_types: Sequence[tuple[str, str]]
    data: Sequence[Sequence[Any]]
    def __init__(
        self, columns_with_types: Sequence[tuple[str, str]], data: Sequence[Sequence[Any]]
    ) -> None: ...
    @property
    def num_rows(self) -> int: ...
