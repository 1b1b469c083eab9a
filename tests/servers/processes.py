"""What both servers need: a free port, a user that is not root, and an end that leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Final

NOBODY: Final = 65534
STOP_TIMEOUT: Final = 20.0


class ServerFailed(Exception):
    """A server is not installed, or did not start; the message says what to do or what its log says."""


def free_port() -> int:
    """A TCP port of the loopback address that is free right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def unprivileged(folder: Path) -> dict[str, Any]:
    """Arguments for `subprocess` by which root runs a server as nobody, in a folder given to nobody."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def start(command: list[str], log: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches the launcher alone."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **options,
        )


def stop(process: subprocess.Popen[bytes], *, gently: signal.Signals) -> None:
    """End the process and everything in its session: first `gently`, then by force."""
    process.send_signal(gently)
    give_up = time.monotonic() + STOP_TIMEOUT
    while process.poll() is None and time.monotonic() < give_up:
        time.sleep(0.02)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nobody is left of the session
    process.wait()


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
