"""ClickHouse's native protocol from the server's end, as far as clickhouse-driver speaks it.

Read and written by the driver's own classes, so that what a column looks like on the line is said in one place.
Not done: compression, external tables, progress, and parameters that the server puts in (the driver does).
"""

import socket
from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final

from clickhouse_driver import defines
from clickhouse_driver.block import BlockInfo, ColumnOrientedBlock
from clickhouse_driver.bufferedreader import BufferedSocketReader
from clickhouse_driver.bufferedwriter import BufferedSocketWriter
from clickhouse_driver.protocol import ClientPacketTypes, ServerPacketTypes
from clickhouse_driver.reader import read_binary_str, read_binary_uint8
from clickhouse_driver.streams.native import BlockInputStream, BlockOutputStream
from clickhouse_driver.varint import read_varint, write_varint
from clickhouse_driver.writer import write_binary_int32, write_binary_str, write_binary_uint8

REVISION: Final = defines.DBMS_MIN_REVISION_WITH_SETTINGS_SERIALIZED_AS_STRINGS
"""The oldest one in which settings are texts: a newer one says more than chDB has to tell."""
_FORMAT: Final = 0  # a file in the format Native has its blocks as the first revisions had them
_BUFFER: Final = 1024 * 1024


class BadPacket(Exception):
    """Something that this server does not do, or that is no ClickHouse client."""


class Line:
    """One client's connection: packets in, packets out. Raises EOFError once the client is gone."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._input = BufferedSocketReader(connection, _BUFFER)
        self._output = BufferedSocketWriter(connection, _BUFFER)

    def packet(self) -> int:
        """Which kind of packet comes next: of `ClientPacketTypes`."""
        return read_varint(self._input)

    def hello(self) -> tuple[str, str]:
        """Which database the client wants, and its password."""
        read_binary_str(self._input)  # its program
        for _ in range(3):  # the program's version, and what it speaks
            read_varint(self._input)
        database = read_binary_str(self._input)
        read_binary_str(self._input)  # the user: there is one
        return database, read_binary_str(self._input)

    def welcome(self, version: tuple[int, int]) -> None:
        write_varint(ServerPacketTypes.HELLO, self._output)
        write_binary_str("ClickHouse", self._output)
        for number in (*version, REVISION):
            write_varint(number, self._output)
        write_binary_str("UTC", self._output)
        write_binary_str("embedded", self._output)
        write_varint(0, self._output)
        self._output.flush()

    def pong(self) -> None:
        write_varint(ServerPacketTypes.PONG, self._output)
        self._output.flush()

    def query(self) -> str:
        source = self._input
        read_binary_str(source)  # its id
        self._skip_client_info()
        if read_binary_str(source):
            raise BadPacket("settings beside a statement are not done: say them in it")
        read_varint(source)  # the stage: it is always to be carried out
        if read_varint(source):
            raise BadPacket("compression is not done")
        text = read_binary_str(source)
        if self.packet() != ClientPacketTypes.DATA or self.block() is not None:
            raise BadPacket("external tables are not done")
        return text

    def block(self) -> ColumnOrientedBlock | None:
        """The rows of a data packet; None for the empty one that ends them."""
        read_binary_str(self._input)  # the name of an external table
        block = BlockInputStream(self._input, _context(REVISION)).read()
        return block if block.num_rows else None

    def send_sample(self, columns: list[tuple[str, str]]) -> None:
        """What the columns of an INSERT are, by name and type: a block without rows."""
        write_varint(ServerPacketTypes.DATA, self._output)
        write_binary_str("", self._output)
        BlockInfo().write(self._output)
        write_varint(len(columns), self._output)
        write_varint(0, self._output)
        for column in columns:
            for text in column:
                write_binary_str(text, self._output)
        self._output.flush()

    def send_block(self, block: ColumnOrientedBlock) -> None:
        write_varint(ServerPacketTypes.DATA, self._output)
        write_binary_str("", self._output)
        BlockOutputStream(self._output, _context(REVISION)).write(block)

    def end(self) -> None:
        write_varint(ServerPacketTypes.END_OF_STREAM, self._output)
        self._output.flush()

    def refuse(self, code: int, text: str) -> None:
        write_varint(ServerPacketTypes.EXCEPTION, self._output)
        write_binary_int32(code, self._output)
        for words in ("DB::Exception", text, ""):
            write_binary_str(words, self._output)
        write_binary_uint8(0, self._output)  # nothing is nested in it
        self._output.flush()

    def _skip_client_info(self) -> None:
        source = self._input
        if not read_binary_uint8(source):
            return
        for _ in range(3):
            read_binary_str(source)
        read_binary_uint8(source)
        for _ in range(3):
            read_binary_str(source)
        for _ in range(3):
            read_varint(source)
        read_binary_str(source)
        read_varint(source)


class _File:
    """A file to read as if a socket gave it, and to write to as if to one."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def recv_into(self, buffer: Any) -> int:
        return self.file.readinto(buffer)

    def sendall(self, data: bytes) -> None:
        self.file.write(data)


def blocks_in(native: bytes) -> Iterator[ColumnOrientedBlock]:
    """The blocks of a text in the format Native."""
    return blocks_of(BytesIO(native))


def blocks_of(native: Any) -> Iterator[ColumnOrientedBlock]:
    """The blocks of a file in the format Native, as they come."""
    stream = BlockInputStream(BufferedSocketReader(_File(native), _BUFFER), _context(_FORMAT))
    while True:
        try:
            yield _rewritable(stream.read())
        except EOFError:
            return


def in_format(blocks: Iterator[ColumnOrientedBlock]) -> bytes:
    """Blocks as a text in the format Native."""
    sink = _File(BytesIO())
    writer = BufferedSocketWriter(sink, _BUFFER)
    for block in blocks:
        BlockOutputStream(writer, _context(_FORMAT)).write(_rewritable(block))
    writer.flush()
    return sink.file.getvalue()


def _rewritable(block: ColumnOrientedBlock) -> ColumnOrientedBlock:
    """What was read are tuples, what is written must be lists."""
    block.data = [list(column) for column in block.data]
    return block


def _context(revision: int) -> Any:
    """What the driver's streams want to know of both ends."""
    return SimpleNamespace(
        server_info=SimpleNamespace(used_revision=revision, get_timezone=lambda: "UTC"),
        settings={},
        client_settings={
            "strings_as_bytes": True,
            "strings_encoding": "utf-8",
            "use_numpy": False,
            "opentelemetry_traceparent": None,
            "opentelemetry_tracestate": "",
            "input_format_null_as_default": False,
            "quota_key": "",
            "namedtuple_as_json": False,
        },
    )
