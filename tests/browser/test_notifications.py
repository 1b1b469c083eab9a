"""What a client is told: pushed to the phone, counted by the bell, seen once for all, and as they chose."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from deploy.demo.people import Json, wait_for
from tests.browser import audit
from tests.browser.desk_gallery import sent_by
from tests.browser.phone import Phone
from tests.browser.pushes import PUSH_SERVICE, Pushes
from tests.flows.conftest import People
from tests.support.push_service import PushService

pytestmark = pytest.mark.whole_browser
NewPhone = Callable[..., Phone]


def waits(people: People, phone: Phone) -> str:
    """An inspection of whoever is signed in on the phone, which an expert has in hand."""
    case_id = sent_by(people.as_on(phone.token()))
    expert = people.expert("anna")
    expert.wait_until(case_id, "queued")
    expert.claim(case_id)
    return case_id


def write(people: People, case_id: str, text: str = "We are looking") -> None:
    people.expert("anna").call("POST", f"/cases/{case_id}/messages", {"text": text})


def share_session(phone: Phone, other: Phone) -> None:
    """Another device of whoever is signed in: with cookies of its own, which are the same."""
    other.context.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": other.url} for one in phone.context.cookies()]  # pyright: ignore[reportTypedDictNotRequiredAccess] - cookies that are there have both
    )


def listed(phone: Phone, path: str) -> list[Json]:
    found: Any = phone.call("GET", path)
    return found


def bell(page: Page, count: int) -> None:
    name = f"Notifications: {count} new" if count else "Notifications"
    expect(page.locator("header").get_by_role("link", name=name)).to_be_visible()


def test_what_is_pushed_is_shown_once_a_page_and_leads_there(phone: Phone, people: People) -> None:
    phone.sign_in()
    path = f"/inspections/{waits(people, phone)}"
    pushes = Pushes(phone)
    phone.open()
    pushes.deliver("A-1: a first word", path)
    wait_for(lambda: pushes.shown() == ["A-1: a first word"] or None, "the notification")
    pushes.deliver("A-1: the result is ready", path)
    wait_for(lambda: pushes.shown() == ["A-1: the result is ready"] or None, "the newer one alone")

    phone.page.evaluate("window.sameAsBefore = true")
    assert pushes.tap() == []
    phone.page.wait_for_url(f"**{path}")
    assert phone.page.evaluate("window.sameAsBefore"), "the page was loaded anew"
    assert pushes.shown() == []

    # Whoever looks at it already is not told of it; of another page they are.
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    pushes.deliver("A-1: the result was amended", path)
    pushes.deliver("A-2: the result is ready", "/inspections/another")
    wait_for(lambda: pushes.shown() or None, "the other one")
    assert pushes.shown() == ["A-2: the result is ready"]


def test_a_tap_leads_through_the_sign_in_to_its_page(phone: Phone) -> None:
    path = f"/inspections/{uuid4()}"
    pushes = Pushes(phone)
    phone.open()
    pushes.deliver("A-1: the result is ready", path)
    wait_for(lambda: pushes.shown() or None, "the notification")
    pushes.tap()
    phone.page.wait_for_url("**/sign-in?next=*")
    page, contact = phone.page, f"{uuid4().hex[:10]}@example.com"
    page.locator("#contact").fill(contact)
    page.locator("#contact").press("Enter")
    page.locator("#code").fill(phone.code_for(contact))
    page.get_by_role("button", name="I agree, go on").tap()
    page.wait_for_url(f"**{path}")


def test_a_tap_opens_the_page_where_no_window_is_open(phone: Phone) -> None:
    pushes = Pushes(phone)
    phone.open()
    pushes.deliver("A-1: the result is ready", "/inspections/1")
    wait_for(lambda: pushes.shown() or None, "the notification")
    worker = pushes.worker
    phone.open("/livez")  # a page of ours that is not the app, and hears nothing
    worker.evaluate("self.clients.matchAll = async () => []")
    assert pushes.tap() == ["/inspections/1"]


def test_what_was_shown_is_said_to_the_service(phone: Phone, people: People) -> None:
    phone.sign_in()
    case_id = waits(people, phone)
    pushes = Pushes(phone)
    phone.open()
    with PushService().running() as browser:
        people.as_on(phone.token()).call("PUT", "/notifications/push", browser.subscription)
        write(people, case_id)
        wait_for(lambda: browser.bodies or None, "the push message")
        [said] = browser.read()
    wait_for(lambda: states(phone) == ["sent"] or None, "that it was taken")
    pushes.deliver_all(said)
    wait_for(lambda: pushes.shown() == [said["title"]] or None, "the notification")
    wait_for(lambda: states(phone) == ["delivered"] or None, "the word of the browser")


def states(phone: Phone) -> list[str]:
    return [one["state"] for told in listed(phone, "/notifications") for one in told["deliveries"]]


def test_the_bell_counts_in_all_tabs_and_what_is_seen_is_seen_on_all_devices(
    new_phone: NewPhone, people: People
) -> None:
    phone, other = new_phone(), new_phone()
    phone.sign_in()
    share_session(phone, other)
    case_id = waits(people, phone)
    tab = phone.another_tab()
    screens = [phone.page, tab, other.page]
    for page in screens:
        page.goto(phone.url)
        bell(page, 0)
    write(people, case_id)
    for page in screens:
        bell(page, 1)
        expect(page).to_have_title(re.compile(r"^\(1\) "))
    assert audit.barriers(phone.page) == []

    phone.page.goto(f"{phone.url}/inspections/{case_id}")
    for page in screens:
        bell(page, 0)
        expect(page).to_have_title(re.compile(r"^[^(]"))
    # What comes while one looks is seen as well.
    write(people, case_id, "And once more")
    wait_for(
        lambda: [bool(one["seen_at"]) for one in listed(phone, "/notifications")] == [True] * 2 or None,
        "both seen",
        15,
    )


def test_the_list_says_what_is_new_and_all_of_it_can_be_seen_at_once(
    any_phone: Phone, people: People
) -> None:
    phone = any_phone
    phone.sign_in()
    case_id = waits(people, phone)
    write(people, case_id)
    phone.open("/notifications")
    page = phone.page
    see = {"en": "I have seen all of it", "ru": "Всё просмотрено"}[phone.look.language]
    page.get_by_role("button", name=see).tap()
    expect(page.get_by_role("button", name=see)).to_have_count(0)
    assert [one for one in listed(phone, "/notifications") if not one["seen_at"]] == []
    for summary in page.locator("summary").all()[:2]:
        summary.tap()
    assert audit.barriers(page) == []
    assert audit.small_targets(page) == []
    assert audit.overflow(page, phone.look.width) == []
    assert audit.foreign_words(page, phone.look.language) == []


def test_one_chooses_where_when_and_of_what_one_is_told(phone: Phone) -> None:
    phone.sign_in()
    phone.open("/notifications")
    page = phone.page
    page.get_by_role("button", name="Up E-mail").tap()
    expect(page.get_by_role("button", name="Up E-mail")).to_be_focused()
    page.locator("summary", has_text="we are late").tap()
    page.get_by_role("group", name="we are late").get_by_label("Text message").uncheck()
    expect(page.locator("summary", has_text="we are late")).to_contain_text("E-mail")
    page.get_by_label("From").fill("23:30")
    page.get_by_role("button", name="Save quiet hours").tap()
    expect(page.get_by_role("button", name="No quiet hours")).to_be_visible()

    chosen = phone.call("GET", "/notifications/choices")
    usual = chosen["channels"]
    place = usual.index("email")
    wanted = [*usual]
    wanted[place - 1], wanted[place] = "email", usual[place - 1]
    assert chosen["order"] == wanted
    assert chosen["muted"] == [{"kind": "late", "channel": "phone"}]
    assert (chosen["quiet_from"], chosen["quiet_until"]) == ("23:30:00", "08:00:00")
    assert chosen["time_zone"] == page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")

    page.reload()
    page.get_by_role("button", name="No quiet hours").tap()
    expect(page.get_by_role("button", name="No quiet hours")).to_have_count(0)
    assert phone.call("GET", "/notifications/choices")["quiet_from"] is None


def test_a_phone_is_told_once_one_says_so_and_no_more_after_signing_out(
    new_phone: NewPhone, people: People
) -> None:
    phone, other = new_phone(old_engine=PUSH_SERVICE), new_phone()
    phone.sign_in()
    share_session(phone, other)
    Pushes(phone)
    case_id = waits(people, phone)
    phone.open(f"/inspections/{case_id}")
    page = phone.page
    assert other.call("GET", "/notifications/devices") == []
    turn_on = page.get_by_role("button", name="Turn notifications on")
    expect(turn_on).to_be_visible()
    assert audit.barriers(page) == []
    turn_on.tap()
    expect(page.get_by_text("Notifications are on on this device.")).to_be_visible()
    [device] = listed(other, "/notifications/devices")
    [session] = listed(other, "/auth/sessions")
    assert device["device"] == session["device"]

    def hold(route: Route) -> None:
        held.append(route)

    held: list[Route] = []
    page.route("**/api/v1/me", hold)  # who is here may be known later than what there is to see
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(turn_on).to_have_count(0)
    held.pop().continue_()
    page.unroute("**/api/v1/me")
    expect(page.locator("header").get_by_role("link", name="Notifications")).to_be_visible()
    expect(turn_on).to_have_count(0)

    # Taken away from afar it stays away, until one says so again.
    phone.open("/notifications")
    expect(page.get_by_text("· this device")).to_be_visible()
    other.call("DELETE", f"/notifications/devices/{device['id']}")
    page.reload()
    page.get_by_role("button", name="Turn on on this device").tap()
    expect(page.get_by_text("Notifications are on on this device.")).to_be_visible()
    assert len(other.call("GET", "/notifications/devices")) == 1

    phone.open("/profile")
    page.get_by_role("button", name="Sign out").tap()
    with page.expect_response("**/api/v1/notifications/push/end") as ended:
        page.get_by_role("dialog").get_by_role("button", name="Sign out").tap()
    assert ended.value.ok
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.evaluate(ENDPOINT) is None


def test_one_tries_whether_messages_come_to_a_device(phone: Phone, people: People) -> None:
    phone.sign_in()
    pushes = Pushes(phone)
    with PushService().running() as browser:
        people.as_on(phone.token()).call("PUT", "/notifications/push", browser.subscription)
        phone.open("/notifications")
        page = phone.page
        page.get_by_role("button", name="Test Chrome, Android").tap()
        expect(page.get_by_text(re.compile("^Sent at"))).to_be_visible()
        [said] = browser.read()
        assert audit.barriers(page) == []
        assert audit.small_targets(page) == []
    pushes.deliver_all(said)
    wait_for(lambda: pushes.shown() == [said["title"]] or None, "the notification")
    expect(page.get_by_text(re.compile("^Shown at"))).to_be_visible()
    assert listed(phone, "/notifications") == []


def test_another_key_of_ours_has_the_phone_subscribe_anew(new_phone: NewPhone) -> None:
    phone = new_phone(old_engine=PUSH_SERVICE)
    phone.sign_in()
    Pushes(phone)
    phone.open("/notifications")
    page = phone.page
    page.get_by_role("button", name="Turn on on this device").tap()
    expect(page.get_by_text("· this device")).to_be_visible()
    before = page.evaluate(ENDPOINT)
    page.reload()
    expect(page.get_by_text("· this device")).to_be_visible()
    assert page.evaluate(ENDPOINT) == before
    page.evaluate(OTHER_KEY)
    page.reload()
    wait_for(lambda: page.evaluate(ENDPOINT) != before or None, "another subscription")


def test_after_signing_in_anew_the_phone_is_told_again(new_phone: NewPhone) -> None:
    phone, other = new_phone(old_engine=PUSH_SERVICE), new_phone()
    contact = phone.sign_in()
    Pushes(phone)
    phone.open("/notifications")
    page = phone.page
    page.get_by_role("button", name="Turn on on this device").tap()
    expect(page.get_by_text("· this device")).to_be_visible()
    phone.call("DELETE", "/auth/sessions/current")  # the page does not know

    def signed_in_again() -> bool | None:
        try:
            return bool(phone.sign_in(contact))
        except AssertionError:  # codes for one contact are not given out at once
            return None

    wait_for(signed_in_again, "another code")
    share_session(phone, other)
    other.open("/notifications")
    expect(other.page.get_by_text("· signed out there")).to_be_visible()
    phone.open()
    wait_for(
        lambda: [one["is_signed_in"] for one in listed(phone, "/notifications/devices")] == [True] or None,
        "that the phone is told again",
        15,
    )


def test_not_now_is_remembered(new_phone: NewPhone, people: People) -> None:
    phone = new_phone(old_engine=PUSH_SERVICE)
    phone.sign_in()
    Pushes(phone)
    case_id = waits(people, phone)
    phone.open(f"/inspections/{case_id}")
    page = phone.page
    page.get_by_role("button", name="Not now").tap()
    expect(page.get_by_role("button", name="Not now")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Write to the expert")).to_be_visible()
    expect(page.get_by_role("button", name="Not now")).to_have_count(0)


def test_an_iphone_says_that_the_app_has_to_be_installed_first(new_phone: NewPhone, people: People) -> None:
    phone = new_phone(old_engine=AN_IPHONE)
    phone.sign_in()
    case_id = waits(people, phone)
    phone.open(f"/inspections/{case_id}")
    expect(phone.page.get_by_text("Add to Home Screen", exact=False)).to_be_visible()
    expect(phone.page.get_by_role("button", name="Turn notifications on")).to_have_count(0)


ENDPOINT = "JSON.parse(localStorage.getItem('pushes of the test'))?.endpoint"
OTHER_KEY = """{
  const kept = JSON.parse(localStorage.getItem("pushes of the test"));
  localStorage.setItem("pushes of the test", JSON.stringify({...kept, key: [4, 2]}));
}"""
AN_IPHONE = """
  delete window.PushManager;
  Object.defineProperty(navigator, "userAgent", {value: "Mozilla/5.0 (iPhone; CPU iPhone OS 16_4)"});
"""
