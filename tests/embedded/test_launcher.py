"""`python -m deploy.embedded run`, with real engines and a stand-in for each service."""

import json
import os
import pty
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.embedded.launch import READY, Launcher, environment

IGNORE_HANGUPS = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
"""
ALL = {"postgres", "valkey", "cabinet-api", "cabinet-background", "bpa-api", "bpa-background"}


def assert_gone(processes: dict[str, psutil.Process]) -> None:
    _, alive = psutil.wait_procs(list(processes.values()), timeout=30)
    assert alive == []


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all, as on a developer's machine: each test starts on what the last one left."""
    return tmp_path_factory.mktemp("launcher") / "data folder"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_starts_everything_and_leaves_nothing_behind(
    launch: Launcher, data: Path, number: signal.Signals
) -> None:
    run = launch(data)
    run.wait_for(READY)
    children = run.children()
    assert set(children) == ALL

    assert run.end(number) == 0
    assert_gone(children)
    assert not (data / "run.json").exists()
    assert list((data / "pids").iterdir()) == []


def test_tells_others_how_to_reach_it(launch: Launcher, data: Path) -> None:
    run = launch(data)
    run.wait_for(READY)
    info = json.loads((data / "run.json").read_text())
    assert info["pid"] == run.process.pid
    assert info["cabinet_url"] in run.output
    assert info["bpa_url"] in run.output
    (anna,) = info["people"]
    assert anna["login"] == "anna"
    assert anna["password"] in run.output


def test_keeps_its_secrets_to_itself(launch: Launcher, data: Path) -> None:
    run = launch(data)
    run.wait_for(READY)
    secret = (data / "secret").read_text()
    run.end()
    for path in [data / "secret", data / "people.json"]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in ("files", "outbox", "logs", "valkey"):
        assert stat.S_IMODE((data / folder).stat().st_mode) == 0o700

    again = launch(data)
    again.wait_for(READY)
    assert (data / "secret").read_text() == secret
    assert secret not in run.output + again.output


def test_adds_people_and_their_checklist_once(launch: Launcher, tmp_path: Path) -> None:
    adds = "Adding the experts of the demo"
    for is_first in (True, False):
        run = launch(tmp_path / "data")
        run.wait_for(READY)
        assert (adds in run.output) is is_first
        assert run.end(signal.SIGINT) == 0


def test_migrates_only_what_is_not_up_to_date(launch: Launcher, data: Path, checkout: Path) -> None:
    def migrated(service: str) -> int:
        return (data / "logs" / f"{service}-migrate.log").read_text().count("migrated")

    run = launch(data)
    run.wait_for(READY)
    run.end()
    before = migrated("cabinet"), migrated("bpa")
    migration = checkout / "bpa_service" / "db" / "migrations" / "one.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("revision = 'one'")

    run = launch(data)
    run.wait_for(READY)
    assert (migrated("cabinet"), migrated("bpa")) == (before[0], before[1] + 1)


def test_a_second_run_on_the_folder_says_who_has_it(launch: Launcher, data: Path) -> None:
    first = launch(data)
    first.wait_for(READY)
    address = json.loads((data / "run.json").read_text())["cabinet_url"]

    second = launch(data)
    assert second.process.wait(timeout=20) == 1
    assert address in second.output
    assert f"process {first.process.pid}" in second.output
    assert set(first.children()) == ALL


def test_starts_again_what_crashes_and_says_so(launch: Launcher, data: Path) -> None:
    run = launch(data)
    run.wait_for(READY)
    old = run.children()["bpa-background"]
    old.kill()
    run.wait_for(r"bpa-background was ended by signal 9 \(SIGKILL\); starting it again in 1 s")
    pid = run.wait_for(r"bpa-background is started again \(process (\d+)\)")[1]
    assert psutil.pid_exists(int(pid))
    run.children()["bpa-background"].kill()
    run.wait_for(r"starting it again in 2 s")


def test_says_why_a_service_did_not_start(launch: Launcher, data: Path) -> None:
    run = launch(data, STAND_IN_BROKEN="BPA")
    assert run.process.wait(timeout=60) == 1
    assert "bpa-api ended with exit code 1" in run.output
    assert "the stand-in is broken" in run.output
    assert run.children() == {}


def test_a_second_ctrl_c_stops_with_force(launch: Launcher, data: Path) -> None:
    run = launch(data, STAND_IN_STUBBORN="CABINET")
    run.wait_for(READY)
    children = run.children()
    run.process.send_signal(signal.SIGINT)
    run.wait_for("Stopping")
    assert run.end(patience=10) == 0  # less than the grace that each process is given
    assert_gone(children)
    assert "SIGTERM is ignored" in (data / "logs" / "cabinet-api.log").read_text()


def test_a_ctrl_c_during_the_start_is_heeded(launch: Launcher, tmp_path: Path) -> None:
    run = launch(tmp_path / "new")
    run.wait_for("Starting PostgreSQL")
    assert run.end() == 0
    assert "Stopped." in run.output
    assert run.children() == {}


def test_stops_when_nobody_reads_its_output_any_more(checkout: Path, data: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "deploy.embedded", "run", "--data", str(data)],
        cwd=checkout,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    while READY not in run.stdout.readline():
        pass
    run.stdout.close()
    run.send_signal(signal.SIGHUP)
    assert run.wait(timeout=60) == 0
    assert list((data / "pids").iterdir()) == []


def test_stops_when_its_terminal_is_closed_even_if_hang_ups_are_ignored(checkout: Path, data: Path) -> None:
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [
            sys.executable,
            "-c",
            IGNORE_HANGUPS,
            sys.executable,
            "-m",
            "deploy.embedded",
            "run",
            "--data",
            str(data),
        ],
        cwd=checkout,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    output = b""
    while READY.encode() not in output:
        output += os.read(ours, 1000)
    os.close(ours)
    assert run.wait(timeout=60) == 0
    assert list((data / "pids").iterdir()) == []


def test_killed_it_takes_everything_with_it(launch: Launcher, data: Path) -> None:
    run = launch(data)
    run.wait_for(READY)
    children = run.children()
    run.end(signal.SIGKILL)
    assert_gone(children)

    again = launch(data)
    again.wait_for(READY)
    assert set(again.children()) == ALL


def test_what_outlives_even_the_guardian_is_ended_by_the_next_start(launch: Launcher, data: Path) -> None:
    run = launch(data)
    run.wait_for(READY)
    children = run.children()
    (guardian,) = (
        child
        for child in psutil.Process(run.process.pid).children()
        if "deploy.embedded.guardian" in child.cmdline()
    )
    guardian.kill()
    run.end(signal.SIGKILL)
    assert all(child.is_running() for child in children.values())

    again = launch(data)
    again.wait_for(READY)
    assert "Ended what a killed run had left behind" in again.output
    assert_gone(children)
    assert set(again.children()) == ALL


def test_ends_with_its_parent_if_told_to(checkout: Path, data: Path) -> None:
    command = [sys.executable, "-m", "deploy.embedded", "run", "--until-parent-ends", "--data", str(data)]
    output = data.with_name("parent.output")
    with output.open("wb") as file:
        parent = subprocess.Popen(
            [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])", *command],
            cwd=checkout,
            stdout=file,
        )
    give_up = time.monotonic() + 60
    while READY not in output.read_text() and time.monotonic() < give_up:
        time.sleep(0.05)
    launcher = psutil.Process(json.loads((data / "run.json").read_text())["pid"])
    parent.kill()
    parent.wait()
    assert psutil.wait_procs([launcher], timeout=60)[1] == []
    assert list((data / "pids").iterdir()) == []


def test_a_taken_port_is_named(checkout: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "deploy.embedded", "run", "--data", tmp_path, "--port-bpa", str(port)],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
        )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stdout
