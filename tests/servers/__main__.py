"""Run a command with real servers beside it, and stop them however it ends.

The command finds them in AUTODETECTIVE_TEST_AMQP_URL, AUTODETECTIVE_TEST_POSTGRES_URL and, where the machine can
have an Elasticsearch, AUTODETECTIVE_TEST_SEARCH_URL.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from tests.servers.elasticsearch.server import Elasticsearch
from tests.servers.postgres import Postgres
from tests.servers.processes import NotToBeHad, ServerFailed
from tests.servers.rabbitmq import RabbitMQ

USAGE: Final = "usage: python -m tests.servers COMMAND [ARGUMENT...]"
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
COMMAND_STOP_TIMEOUT: Final = 15.0


class Ended(BaseException):
    """A signal asked us to end. Not an Exception: nothing on the way may take it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(command: Sequence[str]) -> int:
    """Returns the exit code of the command; 128 + n after signal n; 1 without servers, 2 without a command."""
    if not command:
        _say(USAGE)
        return 2
    for number in ENDING:
        signal.signal(number, _end)
    try:
        with tempfile.TemporaryDirectory(prefix="servers-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            folder.chmod(0o755)  # root's servers run as nobody and have to get through
            return _run_beside_servers(command, folder)
    except ServerFailed as error:
        _say(str(error))
        return 1
    except Ended as ended:
        return 128 + ended.number


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - a command line prints


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise Ended(number)


def _run_beside_servers(command: Sequence[str], folder: Path) -> int:
    postgres, rabbitmq = Postgres(folder / "postgres"), RabbitMQ(folder / "rabbitmq")
    elasticsearch = None
    try:
        elasticsearch = _begin_elasticsearch(folder / "elasticsearch")
        postgres.start()
        rabbitmq.start()
        urls = {
            "AUTODETECTIVE_TEST_AMQP_URL": rabbitmq.url,
            "AUTODETECTIVE_TEST_POSTGRES_URL": postgres.url,
        }
        if elasticsearch is not None:
            elasticsearch.wait()
            urls["AUTODETECTIVE_TEST_SEARCH_URL"] = elasticsearch.url
        return _run(command, {**os.environ, **urls})
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C would leave a server behind
        if elasticsearch is not None:
            elasticsearch.stop()
        rabbitmq.stop()
        postgres.stop()


def _begin_elasticsearch(folder: Path) -> Elasticsearch | None:
    """It takes the longest to start, so it does while the others do."""
    try:
        server = Elasticsearch(folder)
        server.begin()
    except NotToBeHad as error:
        _say(f"{error}\nWhat needs Elasticsearch is skipped.")
        return None
    return server


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        _say(f"{command[0]}: {error.strerror}")
        return 127
    try:
        code = process.wait()
        return code if code >= 0 else 128 - code
    except Ended as ended:
        if ended.number != signal.SIGINT:  # a Ctrl-C reaches the command from the terminal
            process.terminate()
        _wait_or_kill(process)
        raise


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    for stop in (process.terminate, process.kill):
        try:
            process.wait(COMMAND_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            stop()
    process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
