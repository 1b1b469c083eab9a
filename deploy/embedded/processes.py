"""Child processes: each with a log and a pid file, asked to end politely and then made to.

A pid file is what the guardian and the next start know of a process whose launcher was killed.
"""

import contextlib
import errno
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import Final

import psutil

MAX_LOG_BYTES: Final = 10_000_000
POLL: Final = 0.02
SAME_BIRTH: Final = 1.0  # seconds; where the system knows a process's start only roughly
FORCE_PATIENCE: Final = 5.0


class StartFailed(Exception):
    """Something did not start; the message says what, and ends with the tail of its log."""


class Interrupted(Exception):
    """The wait was cut short: whoever started us wants to stop."""


# Below every system's ephemeral range (Linux 32768, macOS and Windows 49152): a port in it may become the near
# end of somebody's connection between being found free and being listened on, or while its server is down.
PORTS: Final = range(12_000, 32_000)

_given: Final[set[int]] = set()
# Each process begins somewhere else, so that two of them side by side seldom look at the same ports.
_ports: Final = itertools.islice(itertools.cycle(PORTS), random.randrange(len(PORTS)), None)  # noqa: S311 - no secret


def free_port(preferred: int | None = None) -> int:
    """A TCP port of the loopback address that is free right now, the preferred one if it is.

    No port is given out twice by one process. Raises OSError if none is free.
    """
    wanted = [] if preferred is None else [preferred]
    for port in itertools.chain(wanted, itertools.islice(_ports, len(PORTS))):
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise OSError(errno.EADDRINUSE, "no port is free")


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        # Without it a port counts as taken for a minute after its server stopped.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(condition: Callable[[], bool], *, seconds: float, interrupt: Event | None = None) -> bool:
    """Whether the condition came true in time. Raises Interrupted as soon as `interrupt` is set."""
    give_up = time.monotonic() + seconds
    while not condition():
        if interrupt is not None and interrupt.is_set():
            raise Interrupted
        if time.monotonic() > give_up:
            return False
        time.sleep(POLL)
    return True


@dataclass(frozen=True)
class Ending:
    """How a process is ended: the polite signal, and after `grace` seconds the forceful one.

    Higher layers end before lower ones start to: services before the engines that they write to.
    """

    layer: int = 1
    polite: int = signal.SIGTERM
    force: int = signal.SIGKILL
    grace: float = 15.0


@dataclass(frozen=True)
class Running:
    """A process by its number and its birth, so that it is never taken for a later one of the same number."""

    pid: int
    born: float
    ending: Ending

    @classmethod
    def find(cls, pid: int, ending: Ending) -> "Running":
        return cls(pid, _born(pid) or 0.0, ending)

    @classmethod
    def read(cls, pid_file: Path) -> "Running | None":
        """What the file says; None if there is none or it makes no sense."""
        try:
            stored = json.loads(pid_file.read_text())
            return cls(int(stored["pid"]), float(stored["born"]), Ending(**stored["ending"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write(self, pid_file: Path) -> None:
        pid_file.write_text(json.dumps(asdict(self)))

    def is_alive(self) -> bool:
        born = _born(self.pid)
        return born is not None and abs(born - self.born) < SAME_BIRTH

    def send(self, number: int) -> None:
        """Send a signal; SIGKILL goes to the process's whole group. A process that is gone is no error."""
        if not self.is_alive():
            return
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if number == signal.SIGKILL else os.kill)(self.pid, number)


def _born(pid: int) -> float | None:
    """Seconds from the system's boot to the start of the process; None if it does not run.

    Counted from the boot because setting the clock changes what the system says of a process's date of birth.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.create_time() - psutil.boot_time()
    except psutil.Error:
        return None


def end_all(processes: Iterable[Running], *, hurry: Event | None = None) -> None:
    """Return once none of them runs any more. Setting `hurry` means: with force, now."""
    left = list(processes)
    for layer in sorted({process.ending.layer for process in left}, reverse=True):
        _end_together([process for process in left if process.ending.layer == layer], hurry)


def _end_together(processes: Sequence[Running], hurry: Event | None) -> None:
    def all_ended() -> bool:
        return not any(process.is_alive() for process in processes)

    for process in processes:
        process.send(process.ending.polite)
    grace = max(process.ending.grace for process in processes)
    with contextlib.suppress(Interrupted):
        if wait_until(all_ended, seconds=grace, interrupt=hurry):
            return
    for process in processes:
        process.send(process.ending.force)
    if not wait_until(all_ended, seconds=FORCE_PATIENCE):
        for process in processes:
            process.send(signal.SIGKILL)
        wait_until(all_ended, seconds=FORCE_PATIENCE)


class Process:
    """A child process in a session of its own: a Ctrl-C in the terminal is the launcher's to handle."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str | Path],
        *,
        logs: Path,
        pids: Path,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        ending: Ending | None = None,
        account: tuple[int, int] | None = None,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        """`environment` comes on top of our own; `account` is the user and group to run as, if not our own.

        `stdin` is a descriptor: what it finds as its standard input, at each start.
        """
        self.name = name
        self.log = logs / f"{name}.log"
        self._arguments = arguments
        self._pid_file = pids / f"{name}.pid"
        self._environment = environment
        self._cwd = cwd
        self._ending = ending or Ending()
        self._stdin = stdin
        self._user, self._group = account or (None, None)
        self._child: subprocess.Popen[bytes] | None = None
        self.running: Running | None = None

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start it; whether it came up is the caller's to find out. `environment` is for this one life of it."""
        for folder in (self.log.parent, self._pid_file.parent):
            folder.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: S603 - our own programs and the wheels', no user's words
                self._arguments,
                stdin=self._stdin,
                stdout=log,
                stderr=log,
                env={**os.environ, **(self._environment or {}), **(environment or {})},
                cwd=self._cwd,
                start_new_session=True,
                user=self._user,
                group=self._group,
                extra_groups=[] if self._user is not None else None,
            )
        self.running = Running.find(self._child.pid, self._ending)
        self.running.write(self._pid_file)

    @property
    def pid(self) -> int:
        """Raises RuntimeError before the first start."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._child.pid

    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number if a signal ended it (as subprocess has it)."""
        return None if self._child is None else self._child.poll()

    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def stop(self, *, hurry: Event | None = None) -> None:
        stop_all([self], hurry=hurry)

    def kill(self) -> None:
        """kill -9, and return once it is gone and so are its own children, which may hold on to its data."""
        if self._child is None:
            return
        family: list[psutil.Process] = []
        with contextlib.suppress(psutil.NoSuchProcess):
            family = psutil.Process(self._child.pid).children(recursive=True)
        self._child.kill()
        self.forget()
        psutil.wait_procs(family, timeout=FORCE_PATIENCE)

    def forget(self) -> None:
        """Collect what has ended, with whatever it started itself."""
        if self._child is not None:
            self._child.wait()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._child.pid, signal.SIGKILL)
        self._pid_file.unlink(missing_ok=True)

    def log_tail(self, lines: int = 15) -> str:
        try:
            text = self.log.read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def how_it_ended(self) -> str:
        code = self.exit_code()
        if code is not None and code < 0:
            return f"was ended by signal {-code} ({signal.Signals(-code).name})"
        return f"ended with exit code {code}"

    def check(self) -> None:
        """Raises StartFailed if it has ended."""
        if not self.is_running():
            raise self.failure(self.how_it_ended())

    def failure(self, what: str) -> StartFailed:
        """The exception to raise when it did not come up."""
        return StartFailed(f"{self.name} {what}. The end of {self.log}:\n{self.log_tail()}")


def stop_all(processes: Iterable[Process], *, hurry: Event | None = None) -> None:
    """End those that run, layer by layer, and remove their pid files."""
    started = [process for process in processes if process.running is not None]
    end_all((process.running for process in started if process.running), hurry=hurry)
    for process in started:
        process.forget()
