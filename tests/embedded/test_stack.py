"""`Stack` as flow and fault tests use it, with a stand-in for each service."""

import subprocess
import sys
from pathlib import Path

from tests.embedded.launch import environment

SCRIPT = """
import os, sys
from pathlib import Path
from urllib.request import urlopen
from deploy.embedded.postgres import EmbeddedPostgres, run_sql
from deploy.embedded.stack import Stack

def ready(service):
    return urlopen(service.url + "/readyz").status == 200

folder = Path(sys.argv[1])
with Stack(folder / "one", durable=False, environment={"EXTRA": "given"}) as stack:
    assert ready(stack.cabinet) and ready(stack.bpa)
    pid = stack.processes["bpa-api"].pid
    environment = Path(f"/proc/{pid}/environ")
    assert not environment.exists() or b"EXTRA=given" in environment.read_bytes()
    for name in list(stack.processes):
        stack.kill(name)
        assert not stack.processes[name].is_running()
        stack.restart(name)
        assert stack.processes[name].is_running()
    stack.restart("cabinet-api")
    assert stack.processes["bpa-api"].pid != pid and ready(stack.cabinet) and ready(stack.bpa)
    (anna,) = stack.demo_people()
    assert anna["login"] == "anna"
stack.stop()

server = EmbeddedPostgres(folder / "server", durable=False)
server.start()
for suffix in ("_one", "_two"):
    with Stack(folder / suffix, superuser_url=server.url(), suffix=suffix, valkey=False, split=False) as stack:
        assert set(stack.processes) == {"cabinet-api", "cabinet-background", "bpa-api", "bpa-background"}
        assert not ready(stack.cabinet) is None
names = run_sql(server.url(), "SELECT datname FROM pg_database WHERE datname ~ '_(one|two)$' ORDER BY 1;")
assert names.split() == ["bpa_one", "bpa_two", "cabinet_one", "cabinet_two"], names
server.stop()
print("all well")
"""


def test_starts_kills_and_restarts_its_processes(checkout: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=checkout,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "all well\n", done.stderr
