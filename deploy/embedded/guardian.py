"""Outlives its launcher by a moment, to end what the launcher could not.

A pipe leads from the launcher to the guardian's standard input. However the launcher ends, kill -9 included,
the system closes the pipe; after an orderly stop no pid file is left and there is nothing to do. The guardian
also inherits the lock of the data folder, so that the next start waits until it is done.
"""

import signal
import subprocess
import sys
from pathlib import Path

from deploy.embedded.data_folder import DataFolder


class Guardian:
    """The launcher's end of the pipe."""

    def __init__(self, data: DataFolder, lock: int) -> None:
        checkout = Path(__file__).parents[2]
        with (data.logs / "guardian.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - this module
                [sys.executable, "-m", __name__, str(data.path)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=checkout,
                pass_fds=[lock],
                start_new_session=True,
            )

    def dismiss(self) -> None:
        """Close the pipe and wait until it has ended whatever still has a pid file."""
        self._process.communicate()


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    DataFolder(Path(sys.argv[1])).end_leftovers()


if __name__ == "__main__":
    main()
