"""See the package."""

import sys
import tempfile
from pathlib import Path

from tests.servers.elasticsearch.server import Elasticsearch
from tests.servers.processes import ServerFailed


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="elasticsearch-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # root's server runs as nobody and has to get through
        try:
            server = Elasticsearch(folder / "server")
            try:
                server.start()
            finally:
                server.stop()
        except ServerFailed as error:
            print(error, file=sys.stderr)  # noqa: T201 - a command line prints
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
