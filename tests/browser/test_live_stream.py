"""One stream for all tabs of a browser: it passes on when its tab goes or sleeps, and its silence is noticed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from deploy.embedded.stack import Stack
from tests.browser.desk_gallery import NewDesk, sent_by
from tests.browser.phone import Phone
from tests.flows.conftest import People
from tests.support.proxy_thread import wire_to

TABS = 8  # two more than a browser opens connections to one address over HTTP/1.1
STREAM = "/api/v1/stream"  # not a script of that name
SILENCE = 90_000  # two and a half heartbeats, and a connection on a busy machine


def row(page: Page, case_id: str) -> None:
    expect(page.locator(f"a[href='/cases/{case_id}']")).to_be_visible()


def test_eight_tabs_of_the_desk_all_live_and_hear_the_same(new_desk: NewDesk, people: People) -> None:
    desk = new_desk("vera")
    opened = {"count": 0}

    def counted(page: Page) -> Page:
        page.on("request", lambda request: opened.update(count=opened["count"] + (STREAM in request.url)))
        page.goto(desk.url)
        expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        return page

    tabs = [counted(desk.page), *(counted(desk.another_tab()) for _ in range(TABS - 1))]
    first = sent_by(people.client())
    for tab in tabs:
        row(tab, first)
    assert opened["count"] == 1

    # Its tab closes, then the next one's freezes: somebody goes on, and what came meanwhile is seen.
    tabs.pop(0).close()
    second = sent_by(people.client())
    for tab in tabs:
        row(tab, second)
    asleep = tabs.pop(0)
    session = desk.context.new_cdp_session(asleep)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})  # pyright: ignore[reportUnknownMemberType] - any answer
    third = sent_by(people.client())
    for tab in tabs:
        row(tab, third)
    session.send("Page.setWebLifecycleState", {"state": "active"})  # pyright: ignore[reportUnknownMemberType] - any answer
    row(asleep, third)


def test_eight_tabs_of_the_client_open_an_inspection(new_phone: Callable[..., Phone], people: People) -> None:
    phone = new_phone()
    phone.sign_in()
    case_id = sent_by(people.as_on(phone.token()))
    tabs = [phone.page, *(phone.another_tab() for _ in range(TABS - 1))]
    for tab in tabs:
        tab.goto(f"{phone.url}/inspections/{case_id}")
        expect(tab.get_by_role("link", name="Write to the expert")).to_be_visible()
    phone.call("POST", f"/inspections/{case_id}/cancellation", {"reason": "Sold meanwhile"})
    for tab in tabs:
        expect(tab.get_by_text("Cancelled").first).to_be_visible()


def test_a_connection_that_is_dead_without_a_word_is_noticed(
    new_desk: NewDesk, stack: Stack, people: People
) -> None:
    with wire_to(stack.bpa.port) as wire:
        desk = new_desk("vera", url=f"http://127.0.0.1:{wire.port}")
        desk.open()
        expect(desk.page.get_by_role("heading", name="Queue")).to_be_visible()
        seen = sent_by(people.client())
        row(desk.page, seen)
        wire.freeze()
        missed = sent_by(people.client())
        expect(desk.page.locator(f"a[href='/cases/{missed}']")).to_be_visible(timeout=SILENCE)
        expect(desk.page.get_by_text("No connection")).to_have_count(0)
        wire.blackhole()
        expect(desk.page.get_by_text("No connection: you see what was at ")).to_be_visible(timeout=SILENCE)
