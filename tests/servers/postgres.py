"""Debian's PostgreSQL 15, on a free port, in a folder of its own."""

import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from deploy.embedded.processes import free_port
from tests.servers import processes

BIN: Final = Path("/usr/lib/postgresql/15/bin")
START_TIMEOUT: Final = 30.0


class Postgres:
    """One server. It forgets everything at the end, so it does not wait for the disk either."""

    def __init__(self, folder: Path, *, survives_kills: bool = False) -> None:
        """`survives_kills`: what was committed is still there after `kill` and `start`."""
        if not (BIN / "postgres").exists():
            raise processes.ServerFailed("PostgreSQL 15 is not installed: apt-get install postgresql-15")
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "postgres.log"
        self._port = free_port()
        self._commit = "on" if survives_kills else "off"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """A superuser's URL of the database `postgres`."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Create the cluster if there is none, start the server and return once it accepts connections."""
        if not self._folder.exists():
            self._create()
        settings = {
            "port": str(self._port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "fsync": "off",
            "synchronous_commit": self._commit,
            "full_page_writes": self._commit,
        }
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [BIN / "postgres", "-D", self._data, *arguments]
        self._process = processes.start(command, self._log, cwd=self._folder)
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        if self._process is not None:
            processes.stop(self._process, gently=signal.SIGINT)  # the fast shutdown

    def kill(self) -> None:
        """kill -9 the server and wait for its processes, which then end by themselves."""
        if self._process is not None:
            processes.kill(self._process)

    def _create(self) -> None:
        processes.make_folder(self._folder)
        options = ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        initdb = [BIN / "initdb", "-D", self._data, *options]
        self._process = processes.start(initdb, self._log, cwd=self._folder)
        if self._process.wait() != 0:
            raise processes.ServerFailed(f"initdb:\n{processes.tail(self._log)}")

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        pid_file = self._data / "postmaster.pid"
        give_up = time.monotonic() + START_TIMEOUT
        while process.poll() is None and time.monotonic() < give_up:
            # The eighth line of the pid file says `ready` once the server accepts connections.
            lines = pid_file.read_text().splitlines() if pid_file.exists() else []
            if len(lines) > 7 and int(lines[0]) == process.pid and lines[7].strip() == "ready":
                return
            time.sleep(0.05)
        raise processes.ServerFailed(f"PostgreSQL did not start:\n{processes.tail(self._log)}")
