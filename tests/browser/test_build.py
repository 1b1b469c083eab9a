"""The app's own tests, and how much of it a phone has to fetch before something can be done."""

import gzip
import re
from pathlib import Path

from deploy import web

# Screens of the desk that are loaded when somebody opens them.
OPENED_LATER = (
    "Audit",
    "Compare",
    "Exemplars",
    "KeepExemplar",
    "Me-",
    "People",
    "Playbook-",
    "ShiftBoard",
    "Statistics",
    "VinSays",
    "develop.worker",
    "grid.worker",
)
KB = 1024


def test_the_tests_of_the_app_itself_pass() -> None:
    for app in web.APPS:
        web.run(app, "test")


def test_the_first_screen_stays_within_its_budget(built_app: Path) -> None:
    page = (built_app / "index.html").read_text()
    scripts = re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', page)
    assert scripts
    assert sum(packed(built_app / script[1:]) for script in scripts) <= 45 * KB
    assert (
        sum(packed(path) for path in built_app.rglob("*.css")) + packed(built_app / "index.html") <= 12 * KB
    )


def test_what_is_kept_for_offline_use_stays_within_its_budget(built_app: Path) -> None:
    kept = re.findall(r'"?url"?:\s*[`"]/([^`"]+)[`"]', (built_app / "sw.js").read_text())
    assert "index.html" in kept
    # Every page of a check and of signing in is among it, each a file of its own: whoever begins one has all of
    # them. It comes after the first screen, so that nobody waits for it.
    assert sum(packed(built_app / name) for name in kept) <= 190 * KB


def test_the_desk_stays_within_its_budget(built_app: Path) -> None:  # noqa: ARG001 - it is built with it
    assets = [*(web.DESK / "dist" / "assets").glob("*.js")]
    viewer = sum(packed(path) for path in assets if path.name.startswith("openseadragon"))
    assert 0 < viewer <= 95 * KB
    later = sum(packed(path) for path in assets if path.name.startswith(OPENED_LATER))
    whole = sum(packed(path) for path in assets) - viewer
    assert whole - later <= 130 * KB  # the queue and a case, which a shift works with
    assert whole <= 190 * KB  # 3 of them are the words for what a VIN says, in two languages


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))
