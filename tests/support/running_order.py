"""In which order the tests run, what of them runs side by side, and what is said of it meanwhile.

Quick tests come first, so that whoever broke something simple knows within a minute. With several processes
(`pytest -n 2`) a file is never divided. What drives a browser comes last: Playwright keeps the event loop of its
thread, so in no process a test that is a coroutine may come between two of its files.
"""

from collections import Counter, defaultdict
from pathlib import PurePosixPath
from typing import Any, Final

import pytest
from xdist.scheduler import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs] - it is typed itself

FOLDERS: Final = (
    "unit",
    "contracts",
    "service",
    "ports",
    "search_relevance",
    "embedded",
    "hostile",
    "faults",
    "flows",
    "browser",
)
# All faults are done to one world; flows share stacks, and on RabbitMQ all stacks the queues of the one broker.
TOGETHER: Final = frozenset({"faults", "flows"})


def folder_of(nodeid: str) -> str:
    """Which of the folders of tests/ a test is in."""
    parts = PurePosixPath(nodeid.partition("::")[0]).parts
    return parts[1] if len(parts) > 1 else ""


def group_of(nodeid: str) -> str:
    """Tests of one group run in one process, one after the other."""
    folder = folder_of(nodeid)
    return folder if folder in TOGETHER else nodeid.partition("::")[0]


def turn_of(item: pytest.Item) -> tuple[int, int]:
    """Its folder's turn, and within the folder that of its module: the TURN that the module states, or else 0."""
    folder = folder_of(item.nodeid)
    of_module: int = getattr(getattr(item, "module", None), "TURN", 0)
    return (FOLDERS.index(folder) if folder in FOLDERS else -1, of_module)


def stop_if_something_is_missing(session: pytest.Session) -> None:
    """Have all processes stop where one could not import a test, as one alone would by itself.

    pytest-xdist would run the others first, and tell of it after all of them.
    """
    if session.testsfailed and not session.config.option.continue_on_collection_errors:
        session.shouldstop = "not all tests could be imported"


class Groups(LoadFileScheduling):
    """Deals out whole groups, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


class Course:
    """Says at once what failed, and at the end where the time went."""

    def __init__(self, reporter: Any) -> None:
        self._reporter = reporter
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        folder = folder_of(report.nodeid)
        self._seconds[folder] += report.duration
        self._tests[folder] += report.when == "call"
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            lines = str(crash.message if crash else report.longrepr).strip().splitlines() or [""]
            self._reporter.ensure_newline()
            self._reporter.write_line(f"FAILED {report.nodeid} ({report.when}): {lines[0]}", red=True)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("where the time went")
        for folder, seconds in sorted(self._seconds.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{seconds:7.1f} s  {self._tests[folder]:5} tests  {folder}")
