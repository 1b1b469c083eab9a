"""`requirements/install`, with stand-ins for the tools that would download something."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLD = "exit 1"  # fails the question for its version, as an older Python does
WITHOUT_VENV = 'case "$2" in *version_info*) exit 0;; *) exit 1;; esac'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


def install(checkout: Path, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", checkout / "requirements" / "install", name],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(checkout), **environment},
    )


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def made_environment(checkout: Path, name: str) -> Path:
    """As if `name` had been installed. Returns the file to which its uv writes what it was asked to do."""
    calls = checkout / "calls"
    shell_script = f'echo "$@" >> "{calls}"'
    program(checkout / ".venv" / "bin" / "uv", shell_script)
    program(checkout / ".venv" / "bin" / "python", f'[ "$2" = pip ] || exec {sys.executable} "$@"')
    requirements = checkout / "requirements"
    shutil.copy(requirements / "bootstrap.txt", checkout / ".venv" / "bootstrap.txt")
    shutil.copy(requirements / f"{name}.txt", checkout / ".venv" / f"installed-{name}.txt")
    calls.touch()
    return calls


@pytest.mark.parametrize(
    ("python", "advice"),
    [(OLD, "Python 3.11 or newer is needed"), (WITHOUT_VENV, "apt install python3-venv")],
)
def test_says_what_is_wrong_with_the_python_of_this_machine(checkout: Path, python: str, advice: str) -> None:
    unfit = program(checkout / "bin" / "python3", python)
    done = install(checkout, "run", PYTHON=str(unfit))
    assert done.returncode != 0
    assert advice in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(("installed", "wanted"), [("run", "run"), ("dev", "dev"), ("dev", "run")])
def test_does_nothing_when_all_is_there(checkout: Path, installed: str, wanted: str) -> None:
    calls = made_environment(checkout, installed)
    done = install(checkout, wanted)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert calls.read_text() == ""


@pytest.mark.parametrize(("installed", "wanted", "synced"), [("run", "run", "run"), ("dev", "run", "dev")])
def test_follows_a_changed_lock_file_and_keeps_the_developers_tools(
    checkout: Path, installed: str, wanted: str, synced: str
) -> None:
    calls = made_environment(checkout, installed)
    with (checkout / "requirements" / f"{synced}.txt").open("a") as lock:
        lock.write("# changed\n")
    assert install(checkout, wanted).returncode == 0
    assert calls.read_text().endswith(f"--require-hashes requirements/{synced}.txt\n")
    assert install(checkout, wanted).returncode == 0
    assert calls.read_text().count("\n") == 1


def test_a_developer_gets_more_than_a_run_needs(checkout: Path) -> None:
    calls = made_environment(checkout, "run")
    assert install(checkout, "dev").returncode == 0
    assert calls.read_text().endswith("requirements/dev.txt\n")


def test_an_interrupted_installation_is_not_taken_for_a_done_one(checkout: Path) -> None:
    calls = made_environment(checkout, "run")
    program(checkout / ".venv" / "bin" / "uv", "exit 2")
    assert install(checkout, "dev").returncode != 0
    made_uv = f'echo "$@" >> "{calls}"'
    program(checkout / ".venv" / "bin" / "uv", made_uv)
    assert install(checkout, "run").returncode == 0
    assert calls.read_text().endswith("requirements/run.txt\n")
