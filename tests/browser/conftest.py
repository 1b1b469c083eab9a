"""Both services as real processes, the app built from the source as it is now, and phones that open it.

The engine is the Chromium of the machine: AUTODETECTIVE_TEST_CHROMIUM, or whichever is on PATH. Without one the
tests are skipped; where the variable names one that is not there, they fail. Where the shell of the same engine
lies beside it, which has no windows and takes a quarter less time, it runs what is not marked `whole_browser`.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from bpa_service.settings import COOKIE as DESK_COOKIE
from deploy import web
from deploy.embedded.stack import Stack
from tests.browser.phone import Look, Phone, phone_in
from tests.factories.photos import vin_plate
from tests.flows.conftest import Desk, People, running_stack
from tests.support.limits import UNLIMITED_ENVIRONMENT

ARGUMENTS: Final = (
    "--no-sandbox",  # CI is root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
SHELL: Final = "chromium-headless-shell"
LOOKS: Final = (
    Look(360, 740, "light", "ru"),
    Look(320, 568, "dark", "en"),
)
AT_A_DESK: Final = Look(1440, 900, "light", "en")
PHONES: Final = pytest.StashKey[list[list[Phone]]]()


@pytest.fixture(scope="session")
def chromium() -> str:
    named = os.environ.get("AUTODETECTIVE_TEST_CHROMIUM")
    found = shutil.which(named or "chromium") or (None if named else shutil.which("google-chrome"))
    if found is None:
        if named:
            pytest.fail(f"AUTODETECTIVE_TEST_CHROMIUM names {named}, which is not there")
        pytest.skip(
            f"there is no Chromium on this machine: apt install chromium {SHELL} fonts-noto-color-emoji"
        )
    return found


# The loop of Playwright runs in this thread as long as Playwright does, and pytest-asyncio suffers no other
# beside its own: so it ends with this folder, in which no test is a coroutine.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera of the phones sees: a number, and not the usual test picture, which is glaringly bright."""
    seen = tmp_path_factory.mktemp("camera") / "seen.mjpeg"
    seen.write_bytes(vin_plate())
    return seen


@pytest.fixture(scope="package")
def whole_browser(playwright: Playwright, chromium: str, seen: Path) -> Iterator[Browser]:
    with launched(playwright, chromium, seen) as browser:
        yield browser


@pytest.fixture(scope="package")
def shell(playwright: Playwright, chromium: str, seen: Path) -> Iterator[Browser]:
    beside = Path(chromium).with_name(SHELL)
    with launched(playwright, str(beside) if beside.exists() else chromium, seen) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, engine: str, seen: Path) -> Generator[Browser]:
    arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={seen}"]
    browser = playwright.chromium.launch(executable_path=engine, args=arguments)
    yield browser
    browser.close()


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Browser:
    is_marked = request.node.get_closest_marker("whole_browser") is not None
    found: Browser = request.getfixturevalue("whole_browser" if is_marked else "shell")
    return found


@pytest.fixture(scope="session")
def built_app() -> Path:
    """The client's app, as `make run` would build it, and the desk beside it."""
    with Path(web.__file__).open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # of several test processes one builds
        for app in web.APPS:
            if not web.is_built(app):
                web.build(app)
    return web.CLIENT / "dist"


@pytest.fixture(scope="package")
def stack(chromium: str, built_app: Path) -> Iterator[Stack]:  # noqa: ARG001 - no services without a browser
    # All the phones of these tests have one address.
    with running_stack(UNLIMITED_ENVIRONMENT) as running:
        yield running


@pytest.fixture(scope="package")
def desk(stack: Stack) -> Iterator[Desk]:
    with ExitStack() as opened:
        yield Desk(stack, opened)


@pytest.fixture
def people(stack: Stack, desk: Desk) -> Iterator[People]:
    with ExitStack() as opened:
        taking_part = People(stack, opened, desk)
        yield taking_part
        taking_part.leave_nothing_open()


@pytest.fixture
def new_phone(
    request: pytest.FixtureRequest, browser: Browser, stack: Stack
) -> Iterator[Callable[..., Phone]]:
    """Phones of this test: `new_phone(look, old_engine=...)`. The test fails if anything went wrong on one."""
    with watched(request.node, browser) as make:
        yield partial(make, stack.cabinet.public_url)


@pytest.fixture
def new_desk(
    request: pytest.FixtureRequest, browser: Browser, stack: Stack, desk: Desk
) -> Iterator[Callable[..., Phone]]:
    """Desks of this test: `new_desk("anna", look)` is one at which she is signed in. Watched as phones are.

    `url` is another way to the same desk.
    """
    with watched(request.node, browser) as make:

        def sit_down(login: str | None, look: Look = AT_A_DESK, url: str = "") -> Phone:
            screen = make(url or stack.bpa.public_url, look)
            if login:
                token = desk.expert(login).headers["Authorization"].removeprefix("Bearer ")
                screen.context.add_cookies([{"name": DESK_COOKIE, "value": token, "url": screen.url}])
            return screen

        yield sit_down


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Whoever reads of a failure sees what was on the screens."""
    report = yield
    if report.when == "call" and report.failed:
        seen = [phone.seen() for phones in item.stash.get(PHONES, ()) for phone in phones]
        report.sections += [("on a screen", words) for words in seen]
    return report


@contextmanager
def watched(node: pytest.Item, browser: Browser) -> Generator[Callable[..., Phone]]:
    """Makes screens at an address, and closes them. Fails if anything went wrong on one."""
    phones: list[Phone] = []
    node.stash.setdefault(PHONES, []).append(phones)
    with ExitStack() as opened:

        def make(url: str, look: Look | None = None, *, old_engine: str = "") -> Phone:
            phones.append(opened.enter_context(phone_in(browser, url, look or Look(), old_engine=old_engine)))
            return phones[-1]

        yield make
    node.stash[PHONES] = []
    troubles = [trouble for phone in phones for trouble in phone.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def phone(new_phone: Callable[..., Phone]) -> Phone:
    return new_phone()


@pytest.fixture(params=LOOKS, ids=str)
def any_phone(request: pytest.FixtureRequest, new_phone: Callable[..., Phone]) -> Phone:
    """A test that takes it runs once for each look."""
    return new_phone(request.param)
