"""An object store that speaks S3 and checks signatures as Amazon does: versitygw, over a folder.

    python -m tests.servers.versitygw

builds it with the machine's Go, once, into the cache of whoever runs the tests; it takes some minutes.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from signal import SIGTERM, Signals
from typing import Final

from cabinet_service.adapters.object_files import Bucket
from deploy.embedded.processes import free_port
from service_kit.ids import new_id
from tests.servers import processes

VERSION: Final = "v1.8.0"
SOURCE: Final = f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"
BUILD_SECONDS: Final = 1800
START_TIMEOUT: Final = 60.0
# Older ones do not fetch the release that the source asks for.
OLDEST_GO: Final = 21


def built() -> Path | None:
    """The program, if it was built."""
    program = _place()
    return program if program.exists() else None


def build() -> Path:
    """Build it unless it was. Raises ServerFailed."""
    program = _place()
    if program.exists():
        return program
    go = shutil.which("go")
    if go is None or _release(go) < OLDEST_GO:
        raise processes.ServerFailed(f"There is no Go of 1.{OLDEST_GO} or newer: S3 is not tested")
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=program.parent, prefix="versitygw-") as name:
        environment = {**os.environ, "GOBIN": name, "GOTOOLCHAIN": "auto"}
        made = subprocess.run(
            [go, "install", SOURCE],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_SECONDS,
        )
        if made.returncode != 0:
            raise processes.ServerFailed(f"versitygw could not be built: {made.stderr[-2000:]}")
        Path(name, "versitygw").rename(program)
    return program


def _place() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "autodetective-tests" / f"versitygw-{VERSION}"


def _release(go: str) -> int:
    told = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"go1\.(\d+)", told)
    return int(found[1]) if found else 0


class VersityGateway:
    """One server; `start` and `stop` may be called again and again, and what it holds stays."""

    KEY_ID: Final = "who-tests"
    SECRET_KEY: Final = "secret-of-who-tests"
    REGION: Final = "eu-north-1"

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "data").mkdir(parents=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def new_bucket(self) -> Bucket:
        name = f"bucket-{new_id().hex}"
        (self._folder / "data" / name).mkdir()  # which is one to it
        return self.bucket(name)

    def bucket(self, name: str) -> Bucket:
        """Whether there is one or not."""
        return Bucket(
            address=f"s3://{name}",
            endpoint=self.endpoint,
            region=self.REGION,
            key_id=self.KEY_ID,
            secret_key=self.SECRET_KEY,
        )

    def files_in(self, bucket: Bucket) -> list[Path]:
        """Whatever lies in it, finished or not."""
        folder = self._folder / "data" / bucket.address.removeprefix("s3://")
        return [path for path in folder.rglob("*") if path.is_file()]

    def start(self) -> None:
        command: list[str | Path] = [
            *(self._program, "--port", f"127.0.0.1:{self._port}", "--region", self.REGION, "--quiet"),
            *("--access", self.KEY_ID, "--secret", self.SECRET_KEY, "posix", self._folder / "data"),
        ]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        give_up = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise processes.ServerFailed((self._folder / "log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self, gently: Signals = SIGTERM) -> None:
        if self._process is not None:
            processes.stop(self._process, gently=gently)
            self._process = None

    def _answers(self) -> bool:
        with socket.socket() as trying:
            return trying.connect_ex(("127.0.0.1", self._port)) == 0


def main() -> int:
    try:
        build()
    except processes.ServerFailed as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line prints
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
