"""A phone with the client's app on it: its page, and whatever went wrong on it that nobody asked for."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final, Literal
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, expect

from cabinet_service.settings import COOKIE
from deploy.demo.people import Json, wait_for

Language = Literal["ru", "en"]
Scheme = Literal["light", "dark"]

PATIENCE: Final = 60_000
"""Milliseconds for what happens at once: two services, a browser and the tests may share two busy cores."""
NARROWEST_DESK: Final = 1000
READ_PATIENCE: Final = 120_000
"""The process that reads numbers starts with the first photo."""
expect.set_options(timeout=PATIENCE)

# On a busy machine a reading takes longer than anybody waits for it: then the app does without, and says nothing.
_READER: Final = "/api/v1/readings"
# What Chromium says of each answer that is no success: expected ones as well. Those of the server are watched.
_ABOUT_ANSWERS: Final = "Failed to load resource"


@dataclass(frozen=True, slots=True)
class Look:
    """How the app is looked at."""

    width: int = 360
    height: int = 740
    scheme: Scheme = "light"
    language: Language = "en"

    @property
    def is_mobile(self) -> bool:
        return self.width < NARROWEST_DESK

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}-{self.width}"


@dataclass
class Phone:
    """A browser context of its own, so that nothing is shared with another phone but the server."""

    context: BrowserContext
    page: Page
    url: str
    look: Look
    troubles: list[str] = field(default_factory=list[str])

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("response", self._response)

    def another_tab(self) -> Page:
        page = self.context.new_page()
        self.watch(page)
        return page

    def seen(self) -> str:
        """What is on it now, in words: for whoever reads of a failure."""
        try:
            words = self.page.locator("body").aria_snapshot(timeout=5000)
        except Error as error:
            words = str(error)
        return "\n".join([self.page.url, words, *self.troubles])

    def kill_the_tab(self) -> None:
        """Without a word to the page, as phones do with what is in the background; and open the app again."""
        self.page.close()
        self.page = self.another_tab()

    def sign_in(self, contact: str | None = None) -> str:
        """Over the API, with the cookies of this browser, and agree to what is asked. Returns the contact."""
        contact = contact or f"{uuid4().hex[:10]}@example.com"
        challenge = self.call("POST", "/auth/codes", {"contact": contact})
        body = {
            "challenge_id": challenge["challenge_id"],
            "code": self.code_for(contact),
            "carrier": "cookie",
        }
        self.call("POST", "/auth/sessions", body)
        for document in self.call("GET", "/consents")["documents"]:
            asked = {name: document[name] for name in ("document", "version")}
            self.call("POST", "/consents", {**asked, "language": self.look.language})
        return contact

    def token(self) -> str:
        """The access token of whoever is signed in on it."""
        [cookie] = [one for one in self.context.cookies() if one.get("name") == COOKIE]
        return cookie.get("value", "")

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        headers = {"Origin": self.url, "Idempotency-Key": uuid4().hex}
        # Its connection may be one that the service ends at that moment, having heard nothing on it for a while.
        answer = self.context.request.fetch(
            f"{self.url}/api/v1{path}", method=method, data=body, headers=headers, max_retries=2
        )
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()}"
        return answer.json() if answer.body() else {}

    def call_list(self, path: str) -> list[Json]:
        """As `call`, of a list."""
        answer = self.context.request.get(f"{self.url}/api/v1{path}")
        assert answer.ok, f"{path}: {answer.status} {answer.text()}"
        listed: list[Json] = answer.json()
        return listed

    def code_for(self, contact: str) -> str:
        """The newest code that was sent to `contact`, from the page where the recorded letters are shown."""

        def newest() -> str | None:
            letters = httpx.get(f"{self.url}/dev/outbox.json", timeout=10).json()["messages"]
            return next((one["code"] for one in letters if one["to"] == contact and one.get("code")), None)

        return wait_for(newest, f"a code for {contact}")

    def letters_to(self, contact: str) -> list[str]:
        """What was sent to `contact`: subjects and texts, the newest first."""
        letters = httpx.get(f"{self.url}/dev/outbox.json", timeout=10).json()["messages"]
        return [f"{one['subject']}\n{one['text']}" for one in letters if one["to"] == contact]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_ABOUT_ANSWERS):
            self.troubles.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.url.endswith(_READER) and response.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.troubles.append(f"{response.request.method} {response.url}: {response.status}")


def until(page: Page, expression: str) -> None:
    """Wait until a script says so. The pages forbid the eval by which Page.wait_for_function asks again."""
    wait_for(lambda: page.evaluate(expression) or None, expression, PATIENCE / 1000)


@contextmanager
def phone_in(browser: Browser, url: str, look: Look, *, old_engine: str = "") -> Generator[Phone]:
    """A new phone. `old_engine` is a script that takes from the browser what an older one does not have."""
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        device_scale_factor=2 if look.is_mobile else 1,
        has_touch=look.is_mobile,
        is_mobile=look.is_mobile,
        locale={"ru": "ru-RU", "en": "en-GB"}[look.language],
        color_scheme=look.scheme,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    if old_engine:
        context.add_init_script(old_engine)
    phone = Phone(context, context.new_page(), url, look)
    phone.watch(phone.page)
    try:
        yield phone
    finally:
        # An answer that a test changes may be under way still: what becomes of it is not the next test's trouble.
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.unroute_all(behavior="ignoreErrors")
        context.close()


def file_of(folder: Path, content: bytes, name: str = "photo.jpg") -> Path:
    """`content` as a file to choose in the app; files of one name lie in folders of their own."""
    path = folder / uuid4().hex / name
    path.parent.mkdir()
    path.write_bytes(content)
    return path
