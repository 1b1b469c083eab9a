"""How the tests are dealt out, and that CI ends with everything that it began."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import psutil
import pytest

from tests.support import running_order

ROOT: Final = Path(__file__).parents[2]
# Two processes, one of them in a session of its own, as a server would be.
LEAVES_TWO: Final = """
import subprocess, sys, time
for alone in (False, True):
    words = [sys.executable, "-c", "import time; time.sleep(100)"]
    print(subprocess.Popen(words, start_new_session=alone).pid, flush=True)
time.sleep(float(sys.argv[1]))
sys.exit(3)
"""


def test_every_folder_of_tests_has_its_turn() -> None:
    with_tests = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("test_*.py")}
    assert with_tests == set(running_order.FOLDERS)


def test_quick_tests_come_first_and_browsers_last(request: pytest.FixtureRequest) -> None:
    # The order in which this very run was collected.
    turns = [running_order.turn_of(item) for item in request.session.items]
    assert turns == sorted(turns)
    assert running_order.FOLDERS[0] == "unit"
    assert running_order.FOLDERS[-1] == "browser"


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("tests/unit/test_clock.py::test_a", "tests/unit/test_clock.py::test_b[x/y::z]", True),
        ("tests/unit/test_clock.py::test_a", "tests/unit/test_units.py::test_a", False),
        ("tests/service/kit/test_a.py::test_a", "tests/service/cases/test_a.py::test_a", False),
        ("tests/faults/test_network.py::test_a", "tests/faults/test_outages.py::test_a", True),
        ("tests/flows/test_live.py::test_a", "tests/flows/test_leaving.py::test_a", True),
        ("tests/browser/test_desk.py::test_a", "tests/browser/test_camera.py::test_a", False),
    ],
)
def test_what_shares_something_runs_in_one_process(one: str, other: str, *, together: bool) -> None:
    assert (running_order.group_of(one) == running_order.group_of(other)) is together


def test_what_tests_share_is_in_none_of_them() -> None:
    from_a_test = re.compile(
        r"^ *from tests\.[\w.]*\btest_\w+ import .*$|^ *import tests\.[\w.]*\btest_\w+", re.MULTILINE
    )
    found = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "tests").rglob("*.py")
        if (lines := from_a_test.findall(path.read_text()))
    }
    assert not found, "move it to a module beside them"


def test_a_test_that_cannot_be_imported_ends_the_run_before_the_others(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.support.running_order import stop_if_something_is_missing as pytest_collection_finish"
    )
    (tmp_path / "test_whole.py").write_text(
        "import pytest\n@pytest.mark.parametrize('one', range(100))\ndef test_fine(one): pass"
    )
    (tmp_path / "test_torn.py").write_text("from nowhere import a_name")
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-n", "2", "--rootdir", tmp_path, tmp_path]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == pytest.ExitCode.INTERRUPTED, done.stdout
    assert "No module named 'nowhere'" in done.stdout
    assert "not all tests could be imported" in done.stdout
    assert "100 passed" not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="CI runs on Debian")
@pytest.mark.parametrize(
    ("minutes", "works_for", "code"),
    [("1", "0", 3), ("0.02", "100", 124)],
    ids=["it fails", "it takes too long"],
)
def test_ci_leaves_nothing_behind(minutes: str, works_for: str, code: int) -> None:
    command = [ROOT / ".ci" / "within", minutes, sys.executable, "-c", LEAVES_TWO, works_for]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == code, done.stdout
    pids = [int(line) for line in done.stdout.splitlines() if line.isdigit()]
    assert len(pids) == 2
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    assert done.stdout.count("ended what was left") >= 2
