"""Names that end with .localhost lead to this machine, as RFC 6761 has it and not every resolver knows.

`python -m tests.containers.by_name MODULE` runs a module for which it is so.
"""

import runpy
import socket
import sys
from typing import Any, Final

ENDING: Final = ".localhost"


def lead_here() -> None:
    """From now on, for this process."""
    look_up = socket.getaddrinfo

    def look_up_or_know(host: Any, *more: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        known = isinstance(name, str) and name.endswith(ENDING)
        return look_up("127.0.0.1" if known else host, *more, **options)

    socket.getaddrinfo = look_up_or_know


if __name__ == "__main__":
    lead_here()
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
