"""The engine's process: answers on a socket that it is given, a query at a time, and ends when it is left alone.

chDB takes one owner of a folder and one query at a time: what several threads ask it together has come back with
another's parameters. It is no server for more than one machine.
"""

import os
import re
import select
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path
from typing import Final

from chdb import session
from clickhouse_driver.block import ColumnOrientedBlock
from clickhouse_driver.protocol import ClientPacketTypes

from deploy.embedded.clickhouse import PASSWORD
from deploy.embedded.clickhouse.protocol import BadPacket, Line, blocks_in, in_format

VERSION: Final = (26, 9)
_MOST_CLIENTS: Final = 64
_SILENT_SECONDS: Final = 600.0
_WRONG_PASSWORD: Final = 516
_UNKNOWN_DATABASE: Final = 81
_UNKNOWN: Final = 1002  # UNKNOWN_EXCEPTION
_NAME: Final = re.compile(r"\w{1,64}", re.ASCII)
_INSERT: Final = re.compile(
    r"\s*INSERT\s+INTO\s+(?P<table>\S+)\s*(?P<columns>\([^)]*\))?\s*(?P<settings>SETTINGS\s.*?)?\s*VALUES\s*",
    re.IGNORECASE | re.DOTALL,
)


class Engine:
    """chDB on a folder. `run` is one statement; whoever comes meanwhile waits."""

    def __init__(self, folder: Path) -> None:
        self._session = session.Session(str(folder))
        self._lock = threading.Lock()
        self._database = ""

    def run(self, sql: str, database: str) -> bytes:
        """Its answer in the format Native. Raises RuntimeError, with the code of ClickHouse in its text."""
        with self._lock:
            if database != self._database:
                self._session.query(f"USE `{database}`", "Null")
                self._database = database
            return self._session.query(sql, "Native").bytes()


class Client:
    """A conversation with one client, in a thread of its own."""

    def __init__(self, engine: Engine, connection: socket.socket, password: str, folder: Path) -> None:
        self._engine = engine
        self._connection = connection
        self._password = password
        self._folder = folder
        self._database = ""

    def serve(self) -> None:
        self._connection.settimeout(_SILENT_SECONDS)
        # An answer is several small packets: the second would wait 40 ms for the client's word of the first.
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(self._connection)
        with suppress(EOFError, OSError), self._connection:
            try:
                if line.packet() != ClientPacketTypes.HELLO:
                    return
                database, password = line.hello()
                if not compare_digest(password.encode(), self._password.encode()):
                    line.refuse(_WRONG_PASSWORD, "Authentication failed")
                    return
                if not _NAME.fullmatch(database):
                    line.refuse(_UNKNOWN_DATABASE, f"{database!r} is no name of a database here")
                    return
                self._database = database
                line.welcome(VERSION)
                while True:
                    self._answer(line, line.packet())
            except BadPacket as problem:
                line.refuse(_UNKNOWN, str(problem))

    def _answer(self, line: Line, packet: int) -> None:
        if packet == ClientPacketTypes.PING:
            line.pong()
        elif packet == ClientPacketTypes.QUERY:
            sql = line.query()
            try:
                self._carry_out(line, sql)
            except RuntimeError as problem:
                text = str(problem)
                code = re.search(r"Code: (\d+)", text)
                line.refuse(int(code[1]) if code else _UNKNOWN, text)
            else:
                line.end()
        elif packet != ClientPacketTypes.CANCEL:  # a query is over before its cancelling is read
            raise BadPacket(f"packet {packet} is not done")

    def _carry_out(self, line: Line, sql: str) -> None:
        if insert := _INSERT.fullmatch(sql):
            self._insert(line, *(insert[part] or "" for part in ("table", "columns", "settings")))
            return
        for block in blocks_in(self._run(sql)):
            line.send_block(block)

    def _run(self, sql: str) -> bytes:
        return self._engine.run(sql, self._database)

    def _insert(self, line: Line, table: str, columns: str, settings: str) -> None:
        """The client is shown what the columns are, and sends rows until an empty packet."""
        picked = columns.strip("()") or "*"
        [described] = blocks_in(self._run(f"DESCRIBE TABLE (SELECT {picked} FROM {table})"))
        names, types = ([value.decode() for value in column] for column in described.data[:2])
        line.send_sample(list(zip(names, types, strict=True)))

        def sent() -> Iterator[ColumnOrientedBlock]:
            while line.packet() == ClientPacketTypes.DATA:
                if (block := line.block()) is None:
                    return
                yield block
            raise BadPacket("rows end with an empty packet")

        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".native") as file:
            file.write(in_format(sent()))
            file.flush()
            if file.tell():
                rows = f"SELECT * FROM file('{file.name}', Native)"
                self._run(f"INSERT INTO {table} {columns} {settings} {rows}")


def serve(listening: socket.socket, folder: Path, password: str, *, idle_seconds: float | None) -> None:
    """Answer clients until none has been there for so long; for ever with None."""
    engine = Engine(folder / "engine")
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    for left_behind in scratch.iterdir():
        left_behind.unlink()
    clients: list[threading.Thread] = []
    while select.select([listening], [], [], idle_seconds)[0] or any(one.is_alive() for one in clients):
        clients = [one for one in clients if one.is_alive()]
        listening.settimeout(0)
        try:
            connection, _ = listening.accept()
        except BlockingIOError:
            continue
        if len(clients) >= _MOST_CLIENTS:
            connection.close()
            continue
        client = Client(engine, connection, password, scratch)
        clients.append(threading.Thread(target=client.serve, daemon=True))
        clients[-1].start()


def main() -> None:
    """`python -m … FOLDER IDLE_SECONDS`, with a socket that listens already as its standard input."""
    listening = socket.socket(fileno=sys.stdin.fileno())
    serve(listening, Path(sys.argv[1]), os.environ[PASSWORD], idle_seconds=float(sys.argv[2]))


if __name__ == "__main__":
    main()
