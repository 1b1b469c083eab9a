"""A small ClickHouse made of chDB: the engine itself, behind the protocol of a server, for one machine.

Its port is there from the start; its process comes with the first client and goes when none is left, as inetd
would have it: most runs never need it, and it holds some 300 MB.
"""

import os
import select
import socket
import sys
import threading
from pathlib import Path
from typing import Final

from deploy.embedded.processes import Ending, Process, free_port

PASSWORD: Final = "EMBEDDED_CLICKHOUSE_PASSWORD"  # noqa: S105 - the name of the variable that has it
IDLE_SECONDS: Final = 120.0
"""After so long without a client the process ends: it holds 300 MB, and starts within some two seconds."""
ENDING: Final = Ending(layer=0, grace=10)


class EmbeddedClickHouse:
    """One engine on a folder of its own, behind a password of URL-safe characters."""

    def __init__(
        self, folder: Path, *, password: str, logs: Path, pids: Path, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self.port = free_port()
        self._password = password
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._ending, self._ended = os.pipe()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.process = Process(
            "clickhouse",
            [sys.executable, "-m", f"{__name__}.server", folder.absolute(), str(idle_seconds)],
            logs=logs,
            pids=pids,
            environment={PASSWORD: password},
            cwd=Path(__file__).parents[3],
            ending=ENDING,
            stdin=self._listening.fileno(),
        )
        self._waiting = threading.Thread(target=self._wait, daemon=True)

    def url(self) -> str:
        return f"clickhouse://default:{self._password}@127.0.0.1:{self.port}/default"

    def start(self) -> None:
        """From now on there is a process whenever somebody asks."""
        self._waiting.start()

    def stop(self) -> None:
        os.write(self._ended, b".")
        self._waiting.join()
        self._listening.close()
        self.process.stop()
        for descriptor in (self._ending, self._ended):
            os.close(descriptor)

    def _wait(self) -> None:
        while self._ending not in select.select([self._listening, self._ending], [], [])[0]:
            self.process.start()
            # Whoever connects now is its client, until it ends.
            while self.process.is_running() and not select.select([self._ending], [], [], 0.2)[0]:
                pass
            if not self.process.is_running():
                self.process.forget()
