"""The app's own tests, and how much of it a phone has to fetch before something can be done."""

import gzip
import re
from pathlib import Path

from deploy import web

# Screens of the desk that are loaded when somebody opens them.
OPENED_LATER = (
    "Audit",
    "Chart-",
    "CarGraph",
    "Compare",
    "Difference-",  # of an answer that is amended
    "Exemplars",
    "GiveUp-",
    "HandOver",
    "Imports-",
    "KeepExemplar",
    "KnownCases",
    "Me-",
    "Missing-",
    "MoreScreens-",  # for who oversees
    "People",
    "Playbook-",
    "Preview-",  # the report, as its client would see it
    "SecondOpinion-",
    "ShiftBoard",
    "SignIn-",  # before the queue, and never again in a shift
    "Search-",
    "Sources-",
    "Standing-",  # how an import stands, on both of its screens
    "Statistics",
    "Afterwards",
    "DisputedHere",
    "SaidOfAnswers",
    "TiedOffer",
    "Vehicle-",
    "VinSays",
    "Wide-",  # tables of screens that are opened later
    "deals-",  # what clients did, in words
    "develop.worker",
    "grid.worker",
    "kinds-",  # what blocks of a history are called
    "polled.",  # what changes by itself: imports, and how search does
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
    # Its styles stand in it; those of long lists come with these.
    styles = re.findall(r'href="(/assets/[^"]+\.css)"', page)
    assert (
        sum(packed(built_app / style[1:]) for style in styles) + packed(built_app / "index.html") <= 12 * KB
    )


def test_what_is_kept_for_offline_use_stays_within_its_budget(built_app: Path) -> None:
    kept = re.findall(r'"?url"?:\s*[`"]/([^`"]+)[`"]', (built_app / "sw.js").read_text())
    assert "index.html" in kept
    # All pages of a check are among it, in one file, and those of signing in, and of what there is to do after an
    # answer: one file comes after the other, so on a bad line their number is what one waits for. It comes after
    # the first screen, so that nobody waits for it there.
    # 16 are what comes after an answer: an objection with its findings and photos, versions side by side, a
    # rating, and what came of it; 16 are the report, which is read beside the car; 8 are the car as a link
    # shows it, to whoever stands in a yard without a network; 9 are histories that are ordered by themselves; and
    # 2 in whose name a check is ordered, which is chosen in a yard, too.
    assert len(kept) <= 50
    assert sum(packed(built_app / name) for name in kept) <= 225 * KB


def test_the_desk_stays_within_its_budget(built_app: Path) -> None:  # noqa: ARG001 - it is built with it
    assets = [*(web.DESK / "dist" / "assets").glob("*.js")]
    viewer = sum(packed(path) for path in assets if path.name.startswith("openseadragon"))
    assert 0 < viewer <= 95 * KB
    later = sum(packed(path) for path in assets if path.name.startswith(OPENED_LATER))
    # How everything stands, with what to do about each thing: a page for who leads, which no expert opens.
    operations = sum(packed(path) for path in assets if path.name.startswith("Operations-"))
    assert 0 < operations <= 8 * KB
    whole = sum(packed(path) for path in assets) - viewer - operations
    assert whole - later <= 130 * KB  # the queue and a case, which a shift works with
    # Of what is opened later 3 are the words for what a VIN says, in two languages, 8 the car's other cases
    # and how they hang together, 35 what sources know of a vehicle: 23 of these are the chart's library; and 15
    # the screens of sources and imports, a third of it words for why a file or a row was not taken; and 19 are
    # search, with what the palette, the shift board and the menu say of it. 2 are what a client
    # disputes, 5 what they say of answers, 9 the report as its client would see it, and 2 the tokens of
    # one's tools.
    assert whole <= 294 * KB


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))
