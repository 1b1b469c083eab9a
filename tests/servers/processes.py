"""What the servers need: a user that is not root, and an end that leaves nothing behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

NOBODY: Final = 65534
STOP_TIMEOUT: Final = 20.0


class ServerFailed(Exception):
    """A server is not installed, or did not start; the message says what to do or what its log says."""


class NotToBeHad(ServerFailed):
    """This machine can't have it; the message says what is missing."""


def is_root() -> bool:
    return os.geteuid() == 0


def make_folder(folder: Path) -> None:
    """A folder for a server; root's servers run as nobody, so it is nobody's then."""
    folder.mkdir()
    if is_root():
        shutil.chown(folder, NOBODY, NOBODY)


def start(
    command: Sequence[str | Path], log: Path, *, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches the launcher alone."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=cwd,
            env=environment,
            user=NOBODY if is_root() else None,
            group=NOBODY if is_root() else None,
            extra_groups=[] if is_root() else None,
        )


def stop(process: subprocess.Popen[bytes], *, gently: signal.Signals) -> None:
    """End the process and everything in its session: first `gently`, then by force."""
    process.send_signal(gently)
    give_up = time.monotonic() + STOP_TIMEOUT
    while process.poll() is None and time.monotonic() < give_up:
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):  # nobody is left of the session
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 everything in its session, and return once the children of all of it are gone, too."""
    family = psutil.Process(process.pid).children(recursive=True)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    psutil.wait_procs(family, timeout=STOP_TIMEOUT)


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
