"""Telegram on the page of one's account. The bot's side of it is told of in tests/service/telegram."""

import json
from typing import Any, Final

from playwright.sync_api import Route, expect

from tests.browser.desk_gallery import NewDesk
from tests.browser.phone import Phone

PATH: Final = "**/api/v1/me/telegram"
LINK: Final = "https://t.me/a_bot?start=once"
QR: Final = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
CHAT: Final = {
    "id": "01a226c8-2365-72ba-90bc-b3fb6b02e8a0",
    "name": "@a_very_long_name_of_thirty_two_c",
    "bound_at": "2026-11-20T10:00:00Z",
}


class Account:
    """What cabinet would answer where a bot is set."""

    def __init__(self, bot: str | None) -> None:
        self.bot = bot
        self.chats: list[dict[str, Any]] = []

    def answer(self, route: Route) -> None:
        method = route.request.method
        if method == "DELETE":
            self.chats.clear()
            route.fulfill(status=204)
        elif method == "POST":
            self._json(route, 201, {"link": LINK, "qr": QR, "expires_at": "2026-11-29T12:00:00Z"})
        else:
            self._json(route, 200, {"bot": self.bot, "chats": self.chats})

    @staticmethod
    def _json(route: Route, status: int, body: dict[str, Any]) -> None:
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


def open_profile(phone: Phone, account: Account) -> None:
    phone.sign_in()
    for path in (PATH, f"{PATH}/*"):
        phone.page.route(path, account.answer)
    phone.open("/profile")


def test_a_chat_is_tied_and_left(phone: Phone) -> None:
    account = Account("a_bot")
    open_profile(phone, account)
    page = phone.page
    page.get_by_role("button", name="Connect Telegram").tap()
    link = page.get_by_role("link", name="Open Telegram")
    expect(link).to_have_attribute("href", LINK)
    expect(link).to_be_focused()
    expect(
        page.get_by_role("img", name="A QR code with the link")
    ).to_be_hidden()  # it is on the phone itself
    account.chats.append(CHAT)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # back from Telegram
    expect(page.get_by_text(str(CHAT["name"]))).to_be_visible()
    expect(link).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Disconnect").tap()
    expect(page.get_by_text(str(CHAT["name"]))).to_have_count(0)


def test_at_the_desk_a_phone_reads_the_link_off_the_screen(new_desk: NewDesk) -> None:
    account = Account("a_bot")
    desk = new_desk("anna")
    for path in (PATH, f"{PATH}/*"):
        desk.page.route(path, account.answer)
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
    expect(phone.page.get_by_text("Telegram")).to_have_count(0)
