"""One Elasticsearch, of one node."""

import http.client
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from deploy.embedded.processes import free_port
from tests.servers import processes
from tests.servers.elasticsearch.distribution import lay_out
from tests.servers.java import find_jdk

START_TIMEOUT: Final = 240.0
JAVA_OPTIONS: Final = "-Xms512m -Xmx512m -XX:-UseG1GC -XX:+UseSerialGC"
QUICK: Final = "-XX:TieredStopAtLevel=1 -XX:-AlwaysPreTouch"
"""Half the time to start and half the memory, of a server that does not live long enough to be made fast."""
CONFIG: Final = """
cluster.name: tests
node.name: tests
path.data: {folder}/data
path.logs: {folder}/logs
http.host: 127.0.0.1
http.port: {port}
transport.host: 127.0.0.1
transport.port: {transport_port}
discovery.type: single-node
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


class Elasticsearch:
    """One server. `begin` and `wait` are `start` in two steps, for whoever has something to do meanwhile."""

    def __init__(self, folder: Path, *, java_options: str = QUICK) -> None:
        self._folder = folder
        self._java = find_jdk()
        self._java_options = f"{JAVA_OPTIONS} {java_options}"
        self._log = folder / "console.log"
        self._port = free_port()
        self._transport_port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and return once it answers. Once more after `kill`."""
        self.begin()
        self.wait()

    def begin(self) -> None:
        home = self._folder / "home"
        if not self._folder.exists():
            processes.make_folder(self._folder)
            lay_out(home)
            for name in ("config", "data", "logs", "tmp"):
                processes.make_folder(self._folder / name)
            self._configure(home / "config")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "ES_JAVA_HOME": str(self._java),
            "ES_JAVA_OPTS": self._java_options,
            "ES_PATH_CONF": str(self._folder / "config"),
            "ES_TMPDIR": str(self._folder / "tmp"),
        }
        command = [home / "bin" / "elasticsearch"]
        self._process = processes.start(command, self._log, cwd=self._folder, environment=environment)

    def wait(self) -> None:
        give_up = time.monotonic() + START_TIMEOUT
        while not self._answers():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > give_up:
                raise processes.ServerFailed(f"Elasticsearch did not start:\n{processes.tail(self._log)}")
            time.sleep(0.2)

    def stop(self) -> None:
        if self._process is not None:
            processes.stop(self._process, gently=signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 the server. What it has acknowledged is there again after the next start."""
        if self._process is not None:
            processes.kill(self._process)

    def _configure(self, given: Path) -> None:
        shutil.copytree(given, self._folder / "config", dirs_exist_ok=True)
        config = CONFIG.format(folder=self._folder, port=self._port, transport_port=self._transport_port)
        (self._folder / "config" / "elasticsearch.yml").write_text(config)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/_cluster/health")  # the distribution has no answer to GET /
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
