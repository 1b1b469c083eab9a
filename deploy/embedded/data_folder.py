"""The folder in which one embedded run keeps everything, and the lock that keeps a second run out of it."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from deploy.embedded.processes import Ending, Running, end_all, wait_until

GUARDIAN_PATIENCE: Final = 60.0


@dataclass(frozen=True)
class RunInfo:
    """What a run says of itself in `run.json` from ready to stop.

    `people` are the demo sign-ins of the experts: dicts of `role`, `login`, `password` and `totp_secret`.
    """

    pid: int
    started_at: str
    app_url: str
    cabinet_url: str
    bpa_url: str
    desk_url: str
    outbox_url: str
    clickhouse_url: str
    people: list[dict[str, str]]


class InUse(Exception):
    """Another run holds the folder; `info` is None while it starts or stops."""

    def __init__(self, pid: int | None, info: RunInfo | None) -> None:
        super().__init__(f"process {pid} runs on this data folder")
        self.pid = pid
        self.info = info


class DataFolder:
    """The layout, and what is known of the run that uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self.pids = self.path / "pids"
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.clickhouse = self.path / "clickhouse"
        self.files = self.path / "files"
        self.outbox = self.path / "outbox"
        self.imports = self.path / "imports"
        self.drop = self.path / "drop"
        self.secret = self.path / "secret"
        self.erasures = self.path / "erasures.jsonl"
        self.people = self.path / "people.json"
        self._run_file = self.path / "run.json"
        self._lock_file = self.path / "lock"

    def create(self) -> None:
        """Make what is missing. Photos, letters and logs are nobody else's to read."""
        self.path.mkdir(parents=True, exist_ok=True)
        for folder in (self.logs, self.pids, self.valkey, self.files, self.outbox, self.drop):
            folder.mkdir(mode=0o700, exist_ok=True)

    def lock(self) -> int:
        """Take the folder and return the descriptor that holds it. Raises InUse.

        A killed run holds it until its guardian has ended what it left behind: that is waited for.
        """
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)

        def taken() -> bool:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = self._holder()
                return holder is not None and holder.is_alive()
            return True

        wait_until(taken, seconds=GUARDIAN_PATIENCE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise self._in_use() from None
        Running.find(os.getpid(), Ending()).write(self._lock_file)
        return descriptor

    def user(self) -> InUse | None:
        """Who holds the folder now, if anyone does."""
        try:
            descriptor = os.open(self._lock_file, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._in_use()
        finally:
            os.close(descriptor)
        return None

    def end_leftovers(self) -> int:
        """End what a killed run left behind, and return how many processes that were."""
        pid_files = sorted(self.pids.glob("*.pid"))
        left = [running for path in pid_files if (running := Running.read(path)) and running.is_alive()]
        end_all(left)
        for path in (*pid_files, self._run_file):
            path.unlink(missing_ok=True)
        return len(left)

    def write_run(self, info: RunInfo) -> None:
        write_private(self._run_file, json.dumps(asdict(info), indent=2))

    def remove_run(self) -> None:
        self._run_file.unlink(missing_ok=True)

    def read_run(self) -> RunInfo | None:
        """The run that is ready on this folder, if there is one."""
        try:
            return RunInfo(**json.loads(self._run_file.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _holder(self) -> Running | None:
        return Running.read(self._lock_file)

    def _in_use(self) -> InUse:
        holder = self._holder()
        return InUse(holder.pid if holder else None, self.read_run())


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
