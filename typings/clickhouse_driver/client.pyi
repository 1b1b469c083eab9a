from collections.abc import Mapping, Sequence
from typing import Any

from clickhouse_driver.connection import Connection

class Client:
    connection: Connection
    @classmethod
    def from_url(cls, url: str) -> Client: ...
    def execute(
        self, query: str, params: Mapping[str, Any] | Sequence[Any] | None = None, *, columnar: bool = False
    ) -> Any: ...
    def disconnect(self) -> None: ...
