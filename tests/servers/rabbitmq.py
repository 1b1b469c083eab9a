"""Debian's RabbitMQ, on free ports, in a folder of its own."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

from deploy.embedded.processes import free_port
from tests.servers import processes

# Not the script of the same name in sbin: that one does `su rabbitmq`.
SERVER: Final = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
EPMD: Final = Path("/usr/bin/epmd")
START_TIMEOUT: Final = 90.0
PROTOCOL_HEADER: Final = b"AMQP\x00\x00\x09\x01"


class RabbitMQ:
    """One broker and the Erlang port mapper that it needs, neither of them known to any other on the machine."""

    def __init__(self, folder: Path) -> None:
        if not (SERVER.exists() and EPMD.exists()):
            raise processes.ServerFailed("RabbitMQ is not installed: apt-get install rabbitmq-server")
        self._folder = folder
        self._log = folder / "console.log"
        self._port = free_port()
        self._epmd_port = free_port()
        self._distribution_port = free_port()
        self._mapper: subprocess.Popen[bytes] | None = None
        self._broker: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self._port}/"

    def start(self) -> None:
        """Start port mapper and broker and return once the broker speaks AMQP. Once more after `kill`."""
        plugins = self._folder / "enabled_plugins"
        if self._mapper is None:
            processes.make_folder(self._folder)
            # Were it not there, Erlang would start one as a daemon, which outlives the broker.
            mapper = [EPMD, "-port", str(self._epmd_port), "-address", "127.0.0.1"]
            self._mapper = processes.start(mapper, self._log, cwd=self._folder)
            plugins.write_text("[].\n")
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self._folder),  # the Erlang cookie is made here
            "RABBITMQ_NODENAME": f"tests{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "none"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "none"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        broker = processes.start([SERVER], self._log, cwd=self._folder, environment=environment)
        self._broker = broker
        give_up = time.monotonic() + START_TIMEOUT
        while not self._speaks_amqp():
            if broker.poll() is not None or time.monotonic() > give_up:
                raise processes.ServerFailed(f"RabbitMQ did not start:\n{processes.tail(self._log)}")
            time.sleep(0.1)

    def stop(self) -> None:
        for process in (self._broker, self._mapper):
            if process is not None:
                processes.stop(process, gently=signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 the broker. What it has confirmed is there again after the next start."""
        if self._broker is not None:
            processes.kill(self._broker)

    def _speaks_amqp(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=5) as connection:
                connection.sendall(PROTOCOL_HEADER)
                return connection.recv(1) == b"\x01"  # a method frame: Connection.Start
        except OSError:
            return False
