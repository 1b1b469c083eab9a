"""Failpoints: nothing happens unless a test asks for it, and then exactly what it asked for."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile

import pytest

from service_kit import failpoints
from service_kit.failpoints import VARIABLE, FailpointsRefused, Injected, Point


@pytest.fixture(autouse=True)
def nothing_armed() -> Iterator[None]:
    yield
    failpoints.disarm()


def arm(monkeypatch: pytest.MonkeyPatch, text: str, environment: str = "development") -> None:
    monkeypatch.setenv(VARIABLE, text)
    failpoints.arm(environment=environment)


def passes_until_error(point: Point) -> int:
    def passes(_number: int) -> bool:
        try:
            failpoints.reach(point)
        except Injected:
            return False
        return True

    return len(list(takewhile(passes, range(10))))


def test_without_the_variable_every_point_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    failpoints.arm(environment="production")
    for point in Point:
        failpoints.reach(point)


def test_an_error_is_raised_once_at_its_point_only(monkeypatch: pytest.MonkeyPatch) -> None:
    arm(monkeypatch, "publish.after=error")
    failpoints.reach(Point.PUBLISHING)
    with pytest.raises(Injected):
        failpoints.reach(Point.CONFIRMED)
    failpoints.reach(Point.CONFIRMED)


def test_each_point_counts_its_own_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    arm(monkeypatch, "publish.after=error@3, ack.before=error@2")
    assert passes_until_error(Point.CONFIRMED) == 2
    assert passes_until_error(Point.ACKING) == 1


def test_a_kill_cannot_be_caught() -> None:
    code = (
        "from service_kit import failpoints\n"
        "failpoints.arm(environment='development')\n"
        "for _ in range(2):\n"
        "    try:\n"
        "        failpoints.reach(failpoints.Point.COMMITTED)\n"
        "    finally:\n"
        "        print('passed', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, VARIABLE: "commit.after=kill@2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "passed\n")


@pytest.mark.parametrize(
    "text",
    [
        "commit.afer=kill",
        "commit.after=explode",
        "commit.after",
        "commit.after=kill@x",
        "commit.after=kill@0",
    ],
)
def test_a_typo_ends_the_process_and_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    with pytest.raises(FailpointsRefused, match="commit"):
        arm(monkeypatch, f"ack.before=error,{text}")
    assert passes_until_error(Point.ACKING) == 10


def test_production_does_not_start_with_the_variable_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FailpointsRefused, match="production"):
        arm(monkeypatch, "commit.after=error", environment="production")
    assert passes_until_error(Point.COMMITTED) == 10


@pytest.mark.parametrize(("module", "prefix"), [("cabinet_service", "CABINET"), ("bpa_service", "BPA")])
def test_both_services_refuse_it_in_production(module: str, prefix: str) -> None:
    values = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": "postgresql://nowhere",
        "CACHE_URL": "memory://",
        "FILES_DIR": "/nowhere",
        "SERVICE_KEYS": "k" * 32,
    }
    done = subprocess.run(
        [sys.executable, "-m", module, "relay"],
        env={
            **os.environ,
            VARIABLE: "commit.after=error",
            f"{prefix}_SECRET_KEYS": "s" * 32,
            **{f"{prefix}_{name}": value for name, value in values.items()},
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"{VARIABLE} is set, and this is production" in done.stderr
