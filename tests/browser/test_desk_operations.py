"""Who leads sees how everything stands, what to do, and when it is no longer known."""

import re

import pytest
from playwright.sync_api import expect

from deploy.demo.people import Refused
from tests.browser.desk_gallery import NewDesk
from tests.flows.conftest import People


def test_the_lead_finds_how_everything_stands_and_what_to_do(new_desk: NewDesk, people: People) -> None:
    desk = new_desk("lead")
    page = desk.page
    page.clock.install()
    # Where no live news come through, the figures do.
    page.route("**/api/v1/stream**", lambda route: route.abort())
    desk.open()
    expect(page.locator("h1")).to_be_attached()
    page.keyboard.press("Control+k")
    page.locator("dialog [role=combobox]").fill("operations")
    page.keyboard.press("Enter")
    page.wait_for_url("**/operations")
    expect(page.get_by_role("heading", name="Operations", level=1)).to_be_focused()

    beyond = page.get_by_role("region", name="What is seen from here only in part")
    expect(beyond.locator("[data-figure=backup]")).to_contain_text("not known")
    expect(beyond.locator("[data-figure=cabinet]")).to_contain_text("in order")
    processes = page.get_by_role("region", name="Processes and engines")
    for name in ("relay", "consumer", "worker"):
        line = processes.get_by_role("listitem").filter(has_text=f"({name})")
        expect(line).to_contain_text(re.compile("in order.*heard .* ago"))

    # As it is when nobody takes cases, and then when nothing is heard any more.
    fetched = people.expert("lead").get("/operations")
    for one in fetched["lines"]:
        if one["figure"] == "free":
            one |= {"state": "act", "value": 400.0, "since": fetched["at"]}
    page.route("**/api/v1/operations", lambda route: route.fulfill(json=fetched))
    page.clock.fast_forward(25_000)
    free = page.locator("[data-figure=free]")
    expect(free.locator(".badge")).to_have_text("act")
    expect(free).to_contain_text("6:40")
    free.get_by_text("What to do").click()
    expect(free.get_by_text("Nobody on shift: call somebody.")).to_be_visible()

    page.unroute("**/api/v1/operations")
    page.route("**/api/v1/operations", lambda route: route.abort())
    page.clock.fast_forward(90_000)
    expect(page.get_by_text("how it is now is not known")).to_be_visible()
    expect(free.locator(".badge")).to_have_text("was: act")
    whole = page.get_by_role("list", name="In all")
    expect(whole).to_contain_text("was: act")
    expect(page.get_by_text("read again by itself")).to_have_count(0)

    page.unroute("**/api/v1/operations")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("read again by itself")).to_contain_text("UTC")
    expect(whole).not_to_contain_text("was:")


@pytest.mark.parametrize("login", ["anna", "auditor"])
def test_it_is_not_for_others(new_desk: NewDesk, people: People, login: str) -> None:
    desk = new_desk(login)
    desk.open()
    expect(desk.page.locator("h1")).to_be_attached()
    more = desk.page.get_by_role("button", name="More ▾", exact=True)
    if more.is_visible():
        more.click()
    expect(desk.page.get_by_role("link", name="Operations", exact=True)).to_have_count(0)
    with pytest.raises(Refused, match="not_allowed"):
        people.expert(login).get("/operations")
