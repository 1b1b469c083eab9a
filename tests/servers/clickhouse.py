"""Debian's ClickHouse, which is of 2018, on free ports, in a folder of its own."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

from deploy.embedded.processes import free_port
from tests.servers import processes

SERVER: Final = Path("/usr/sbin/clickhouse-server")
START_TIMEOUT: Final = 60.0
CONFIG: Final = """<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>{port}</tcp_port>
  <http_port>{http_port}</http_port>
  <path>{folder}/data/</path>
  <tmp_path>{folder}/tmp/</tmp_path>
  <user_files_path>{folder}/files/</user_files_path>
  <format_schema_path>{folder}/schemas/</format_schema_path>
  <mark_cache_size>67108864</mark_cache_size>
  <users_config>{folder}/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
</yandex>
"""
USERS: Final = """<?xml version="1.0"?>
<yandex>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password>{password}</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </default>
  </users>
</yandex>
"""


class ClickHouseServer:
    """One server."""

    def __init__(self, folder: Path, *, password: str) -> None:
        if not SERVER.exists():
            raise processes.ServerFailed("ClickHouse is not installed: apt-get install clickhouse-server")
        self._folder = folder
        self._password = password
        self._log = folder / "clickhouse.log"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        return f"clickhouse://default:{self._password}@127.0.0.1:{self._port}/default"

    def start(self) -> None:
        """Start it and return once it accepts connections. Once more after `kill`."""
        if not self._folder.exists():
            processes.make_folder(self._folder)
        config = CONFIG.format(port=self._port, http_port=free_port(), folder=self._folder)
        (self._folder / "config.xml").write_text(config)
        (self._folder / "users.xml").write_text(USERS.format(password=self._password))
        command = [SERVER, f"--config-file={self._folder / 'config.xml'}"]
        self._process = processes.start(command, self._log, cwd=self._folder)
        give_up = time.monotonic() + START_TIMEOUT
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise processes.ServerFailed(f"ClickHouse did not start:\n{processes.tail(self._log)}")
            time.sleep(0.1)

    def stop(self) -> None:
        if self._process is not None:
            processes.stop(self._process, gently=signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 the server."""
        if self._process is not None:
            processes.kill(self._process)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=5).close()
        except OSError:
            return False
        return True
