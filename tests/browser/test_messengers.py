"""Messengers on the page of one's account. The bots' side is told of in tests/service/telegram and …/max."""

import json
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.desk_gallery import NewDesk
from tests.browser.phone import Phone

LINK: Final = "https://t.me/a_bot?start=once"
QR: Final = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
CHAT: Final = {
    "id": "01a226c8-2365-72ba-90bc-b3fb6b02e8a0",
    "name": "@a_very_long_name_of_thirty_two_c",
    "bound_at": "2026-11-20T10:00:00Z",
}


class Account:
    """What cabinet would answer where a bot is set."""

    def __init__(self, bot: str | None, *, signed_in_just_now: bool = True) -> None:
        self.bot = bot
        self.signed_in_just_now = signed_in_just_now
        self.chats: list[dict[str, Any]] = []

    def answer(self, route: Route) -> None:
        method = route.request.method
        if method != "GET" and not self.signed_in_just_now:
            detail = "So that nobody does this for you, please sign in anew first."
            self._json(route, 403, {"code": "sign_in_again", "detail": detail})
        elif method == "DELETE":
            self.chats.clear()
            route.fulfill(status=204)
        elif method == "POST":
            self._json(route, 201, {"link": LINK, "qr": QR, "expires_at": "2026-11-29T12:00:00Z"})
        else:
            self._json(route, 200, {"bot": self.bot, "chats": self.chats})

    @staticmethod
    def _json(route: Route, status: int, body: dict[str, Any]) -> None:
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


def answer(page: Page, account: Account, messenger: str = "telegram") -> None:
    """As the account has it of that messenger; of another there is none."""
    for path in (f"**/api/v1/me/{messenger}", f"**/api/v1/me/{messenger}/*"):
        page.route(path, account.answer)


def open_profile(phone: Phone, account: Account, messenger: str = "telegram") -> None:
    phone.sign_in()
    answer(phone.page, account, messenger)
    phone.open("/profile")


@pytest.mark.parametrize(("messenger", "name"), [("telegram", "Telegram"), ("max", "MAX")])
def test_a_chat_is_tied_and_left(phone: Phone, messenger: str, name: str) -> None:
    account = Account("a_bot")
    open_profile(phone, account, messenger)
    page = phone.page
    page.get_by_role("button", name=f"Connect {name}").tap()
    link = page.get_by_role("link", name=f"Open {name}")
    expect(link).to_have_attribute("href", LINK)
    expect(link).to_be_focused()
    expect(
        page.get_by_role("img", name="A QR code with the link")
    ).to_be_hidden()  # it is on the phone itself
    account.chats.append(CHAT)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # back from the messenger
    expect(page.get_by_text(str(CHAT["name"]))).to_be_visible()
    expect(link).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Disconnect").tap()
    expect(page.get_by_text(str(CHAT["name"]))).to_have_count(0)


def test_who_signed_in_long_ago_does_so_anew_and_comes_back(phone: Phone) -> None:
    account = Account("a_bot", signed_in_just_now=False)
    account.chats.append(CHAT)
    open_profile(phone, account)
    page = phone.page
    for act in ("Connect Telegram", "Disconnect"):
        page.get_by_role("button", name=act).tap()
        expect(page.get_by_role("alert").filter(has_text="sign in anew")).to_be_visible()
        way = page.get_by_role("link", name="Sign in once more")
        expect(way).to_have_attribute("href", "/sign-in?again=1&next=/profile")
    way.tap()
    expect(page.get_by_label("E-mail address or phone")).to_be_visible()


def test_at_the_desk_a_phone_reads_the_link_off_the_screen(new_desk: NewDesk) -> None:
    account = Account("a_bot")
    desk = new_desk("anna")
    answer(desk.page, account)
    desk.open("/me")
    page = desk.page
    expect(page.get_by_text("News of cases in a chat")).to_be_visible()
    page.get_by_role("button", name="Connect Telegram").click()
    expect(page.get_by_role("link", name="Open Telegram")).to_have_attribute("href", LINK)
    expect(page.get_by_role("img", name="A QR code with the link")).to_be_visible()
    account.chats.append(CHAT)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text(str(CHAT["name"]))).to_have_count(0)


def test_a_link_out_of_the_chat_is_used_when_one_says_so(phone: Phone) -> None:
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.open("/sign-in/link#made-up")
    page = phone.page
    expect(page.get_by_role("heading", name="Sign in from the chat?")).to_be_visible()
    assert not [url for url in asked if "link-sessions" in url]
    page.get_by_role("button", name="Sign in", exact=True).tap()
    expect(page.get_by_role("alert")).to_contain_text("Send the bot /signin again")
    page.get_by_role("link", name="Sign in otherwise").tap()
    expect(page.get_by_label("E-mail address or phone")).to_be_visible()
    assert not [url for url in asked if "made-up" in url.partition("#")[0]]


def test_without_a_bot_nothing_is_offered(phone: Phone) -> None:
    open_profile(phone, Account(None))
    expect(phone.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    for name in ("Telegram", "MAX"):
        expect(phone.page.get_by_role("heading", name=name)).to_have_count(0)
