"""What an expert was told: counted by the bell of the desk, shown where the tab is closed, seen once for all."""

import re

import pytest
from playwright.sync_api import expect

from deploy.demo.people import wait_for
from tests.browser import audit
from tests.browser.desk_gallery import NewDesk, sent_by
from tests.browser.phone import Phone
from tests.browser.pushes import PUSH_SERVICE, Pushes
from tests.flows.conftest import People

pytestmark = pytest.mark.whole_browser


def held(people: People) -> str:
    """A case that anna has in hand, whose client has written."""
    client = people.client()
    case_id = sent_by(client)
    expert = people.expert("anna")
    expert.wait_until(case_id, "queued")
    expert.claim(case_id)
    client.wait_until(case_id, "in_work")
    return case_id


def write(people: People, case_id: str) -> None:
    people.clients[-1].call("POST", f"/inspections/{case_id}/messages", {"text": "Is it genuine?"})


def bell(desk: Phone, count: int) -> None:
    name = f"Notifications, {count} new" if count else "Notifications, none new"
    expect(desk.page.get_by_role("button", name=name)).to_be_visible()


def test_the_bell_counts_and_what_was_opened_is_seen_at_every_desk(new_desk: NewDesk, people: People) -> None:
    desk, other = new_desk("anna"), new_desk("anna")
    for one in (desk, other):
        one.open()
        expect(one.page.get_by_role("heading", name="Queue")).to_be_visible()
    desk.call("POST", "/notifications/seen", {"case_id": None})
    case_id = held(people)
    write(people, case_id)
    for one in (desk, other):
        bell(one, 1)
        expect(one.page).to_have_title(re.compile(r"^\(1\) "))
    assert audit.barriers(desk.page) == []

    page = desk.page
    page.get_by_role("button", name="Notifications, 1 new").click()
    expect(page.get_by_role("dialog")).to_contain_text("the client wrote")
    assert audit.barriers(page) == []
    page.get_by_role("dialog").get_by_role("link", name="the client wrote").first.click()
    page.wait_for_url(f"**/cases/{case_id}")
    for one in (desk, other):
        bell(one, 0)
        expect(one.page).to_have_title(re.compile(r"^[^(]"))


def test_all_news_are_seen_at_once_and_the_sound_is_kept_with_the_desk(
    new_desk: NewDesk, people: People
) -> None:
    desk = new_desk("anna")
    desk.open()
    expect(desk.page.get_by_role("heading", name="Queue")).to_be_visible()
    desk.call("POST", "/notifications/seen", {"case_id": None})
    write(people, held(people))
    bell(desk, 1)
    page = desk.page
    page.get_by_role("button", name="Notifications, 1 new").click()
    sound = page.get_by_label("A sound while the tab is not in sight")
    expect(sound).not_to_be_checked()
    sound.check()
    page.get_by_role("button", name="I have seen all of it").click()
    expect(page.get_by_role("button", name="I have seen all of it")).to_have_count(0)
    page.reload()
    bell(desk, 0)
    page.get_by_role("button", name="Notifications, none new").click()
    expect(page.get_by_label("A sound while the tab is not in sight")).to_be_checked()


def test_what_is_pushed_to_a_desk_leads_to_its_case(new_desk: NewDesk, people: People) -> None:
    desk = new_desk("anna")
    pushes = Pushes(desk)
    desk.open()
    expect(desk.page.get_by_role("heading", name="Queue")).to_be_visible()
    case_id = held(people)
    pushes.deliver("A-1: the client wrote", f"/cases/{case_id}")
    wait_for(lambda: pushes.shown() == ["A-1: the client wrote"] or None, "the notification")
    desk.page.evaluate("window.sameAsBefore = true")
    assert pushes.tap() == []
    desk.page.wait_for_url(f"**/cases/{case_id}")
    assert desk.page.evaluate("window.sameAsBefore"), "the page was loaded anew"


def test_a_desk_is_told_once_one_says_so_until_one_takes_it_back(new_desk: NewDesk) -> None:
    desk = new_desk("anna")
    desk.context.add_init_script(PUSH_SERVICE)
    Pushes(desk)
    desk.open("/me")
    page = desk.page
    page.get_by_role("button", name="Turn on on this device").click()
    expect(page.get_by_text("this device", exact=False).first).to_be_visible()
    expect(page.get_by_text("Notifications are on on this device.")).to_be_visible()
    page.locator("summary", has_text="a new case").click()
    assert audit.barriers(page) == []
    page.get_by_role("button", name=re.compile("^Remove ")).click()
    expect(page.get_by_role("button", name="Turn on on this device")).to_be_visible()
    assert desk.call("GET", "/notifications/devices") == []
