"""`make mutants`: puts small faults into the rules, one at a time, and counts those that a test of them notices.

A mutant is tried in a process of its own, forked from one that has loaded everything but our own code; no file
is changed. Prints those that survive, and the share that is killed; ends with 1 where a module has less than
the goal. All of them take some 20 minutes on two cores.
"""

import argparse
import contextlib
import gc
import importlib
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

import hypothesis
import pytest

from tests.mutants import source, tables
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.mutant import Mutant

GOAL: Final = 95
OURS: Final = ("bpa_service", "cabinet_service", "service_kit", "shared_schemas")
# Each with what tests it; the quickest first, as the first that fails ends the trial.
TESTS: Final = {
    "shared_schemas/clock.py": ("test_clock.py", "sla/test_ledger_properties.py"),
    "shared_schemas/crossings.py": ("inspections", "cases/test_who_may.py", "test_crossings.py"),
    "bpa_service/sla/domain.py": ("sla/test_domain.py", "sla/test_ledger_properties.py"),
    "bpa_service/cases/core/domain.py": (
        "cases/test_who_may.py",
        "cases/test_domain.py",
        "test_crossings.py",
    ),
    "cabinet_service/inspections/core/domain.py": ("inspections", "test_crossings.py"),
    "shared_schemas/vin/claims.py": ("vin/test_claims.py",),
    "shared_schemas/vin/masks.py": ("vin/test_masks.py",),
    "service_kit/search/names.py": ("search/test_names.py",),
    "bpa_service/vehicles/history/ranges.py": ("vehicles/history/test_ranges.py",),
}
# Only whether something fails is asked, so nothing is made ready to say what.
OPTIONS: Final = (
    *("-x", "-q", "--noconftest", "--assert=plain", "--tb=no"),
    *("-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception"),
)
# No test of rules takes nearly as much of either, unless it goes round in circles.
SECONDS: Final = 300
MEMORY: Final = 2 << 30


class Mutation(MetaPathFinder, Loader):
    """Loads one module as the mutant."""

    def __init__(self, path: str, mutant: Mutant) -> None:
        self._name, self._path, self._mutant = name_of(path), path, mutant

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        del path, target
        return spec_from_file_location(fullname, self._path, loader=self) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.source, self._path, "exec"), module.__dict__)
        self._mutant.change(module.__dict__)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(TESTS)}; all of them if none is named")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="those that are said with these words")
    arguments = parser.parse_args(words)
    # The same examples each time, and no better one is looked for: whether one fails is all that is asked.
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=[*hypothesis.HealthCheck],
    )
    hypothesis.settings.load_profile("mutants")
    shares = [share_killed(path, arguments.jobs, arguments.only) for path in arguments.modules or TESTS]
    killed, counted = (sum(part) for part in zip(*shares, strict=True))
    print(f"{killed} of {counted} in all: {100 * killed / counted:.1f} %")
    return 0 if all(100 * killed >= GOAL * counted for killed, counted in shares) else 1


def share_killed(path: str, jobs: int, only: str) -> tuple[int, int]:
    """How many mutants of the module were killed, and of how many."""
    began = time.monotonic()
    mutants = [mutant for mutant in mutants_of(path) if only in mutant.says]
    known = EQUIVALENT.get(path, {})
    if not only and (gone := known.keys() - {mutant.says for mutant in mutants}):
        raise SystemExit(f"{path} has no such mutants any more: {gone}")
    tried = [mutant for mutant in mutants if mutant.says not in known]
    gc.freeze()  # what all trials share none of them has to look through for garbage
    unchanged = Mutant(0, "", Path(path).read_text())
    if list(survivors(path, [unchanged], 1)) != [unchanged]:
        raise SystemExit(f"the tests of {path} fail as it is")
    killed = len(tried)
    for mutant in survivors(path, tried, jobs):
        killed -= 1
        print(f"{path}:{mutant.line}\n{mutant.says}\n", flush=True)
    passed = time.monotonic() - began
    print(
        f"{path}: {killed} of {len(tried)} killed, {100 * killed / len(tried):.1f} % ({passed:.0f} s)\n",
        flush=True,
    )
    return killed, len(tried)


def mutants_of(path: str) -> Iterator[Mutant]:
    text = Path(path).read_text()
    namespace = vars(importlib.import_module(name_of(path)))
    yield from tables.mutants(text, namespace)
    yield from source.mutants(text, namespace, tables.lines_of(text, namespace))


def name_of(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def survivors(path: str, mutants: Iterable[Mutant], jobs: int) -> Iterator[Mutant]:
    """Those that no test notices."""
    trials: dict[int, Mutant] = {}
    for mutant in mutants:
        if len(trials) == jobs:
            yield from ended(trials)
        trials[trial(path, mutant)] = mutant
    while trials:
        yield from ended(trials)


def ended(trials: dict[int, Mutant]) -> Iterator[Mutant]:
    """Waits for one trial to end; its mutant, if it survived."""
    pid, status = os.wait()
    mutant = trials.pop(pid)
    if status == 0:
        yield mutant


def trial(path: str, mutant: Mutant) -> int:
    """The process that runs the tests on the mutant: it ends with 0 if they pass."""
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]
    sys.meta_path.insert(0, Mutation(path, mutant))
    with contextlib.suppress(BaseException), Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        if not any(pytest.main([*OPTIONS, f"tests/unit/{test}"]) for test in TESTS[path]):
            os._exit(0)
    os._exit(1)


if __name__ == "__main__":
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.exit(main())
