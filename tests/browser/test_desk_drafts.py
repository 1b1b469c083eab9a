"""What an expert writes and does not send: there again whatever takes it from the screen, and theirs alone."""

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from bpa_service.settings import COOKIE as DESK_COOKIE
from deploy.demo.people import wait_for
from tests.browser.desk_gallery import NewDesk, case_opened, seen, sent_by
from tests.browser.phone import Phone, until
from tests.flows.conftest import People

QUESTION, FINDING = "Closer, the right pillar", "The 7 is struck twice"
MESSAGE, NOTE, SUMMARY = (
    "We are looking at the seven",
    "Ask Vera about this plant",
    "The number was struck anew",
)


def taken_by_anna(people: People) -> str:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    people.expert("anna").claim(case_id)
    return case_id


def mark(page: Page) -> None:
    page.locator("h1").focus()
    page.keyboard.press("f")
    expect(page.get_by_role("application")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What is here")).to_be_focused()


def written(page: Page) -> None:
    """A word in every form of the case, and none of it sent."""
    page.locator("h1").focus()
    page.keyboard.press("m")
    page.get_by_label("Write to the client").fill(MESSAGE)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.get_by_label("A note for colleagues").fill(NOTE)
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    page.get_by_label("What to say").fill(QUESTION)
    page.get_by_label("What to photograph").select_option("vin_plate")
    page.keyboard.press("Escape")
    mark(page)
    page.get_by_label("What is here").fill(FINDING)
    page.get_by_role("radio", name="Contradiction").check()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.get_by_label("What to tell the client").fill(SUMMARY)
    expect(page.get_by_text("draft saved at")).to_be_visible()
    page.keyboard.press("Escape")


def check_that_all_is_there(page: Page) -> None:
    page.locator("h1").focus()
    page.keyboard.press("m")
    expect(page.get_by_label("Write to the client")).to_have_value(MESSAGE)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.get_by_label("A note for colleagues")).to_have_value(NOTE)
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    expect(page.get_by_label("What to say")).to_have_value(QUESTION)
    expect(page.get_by_label("What to photograph")).to_have_value("vin_plate")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Go on with the finding").click()
    expect(page.get_by_label("What is here")).to_have_value(FINDING)
    expect(page.get_by_role("radio", name="Contradiction")).to_be_checked()
    page.keyboard.press("Escape")


def test_words_stay_whatever_takes_them_from_the_screen(new_desk: NewDesk, people: People) -> None:
    case_id = taken_by_anna(people)
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    written(page)
    check_that_all_is_there(page)  # after Escape, and another panel

    page.locator("h1").focus()
    page.keyboard.press("c")
    expect(page.get_by_role("application")).to_be_focused()  # the frame to draw on the photo
    page.keyboard.press("u")
    seen(page)
    check_that_all_is_there(page)

    page.reload()
    seen(page)
    check_that_all_is_there(page)

    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    page.keyboard.press("n")
    page.get_by_label("A note for colleagues").fill(f"{NOTE}, and of this year")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Login")).to_be_visible()  # the session is over
    desk.context.add_cookies(cookies)  # type: ignore[arg-type] - as they were given
    page.reload()
    seen(page)
    page.keyboard.press("n")
    expect(page.get_by_label("A note for colleagues")).to_have_value(f"{NOTE}, and of this year")
    page.get_by_label("A note for colleagues").fill(NOTE)
    check_that_all_is_there(page)


def test_what_was_sent_is_not_there_again(new_desk: NewDesk, people: People) -> None:
    case_id = taken_by_anna(people)
    page = case_opened(new_desk("anna"), case_id)
    written(page)
    page.keyboard.press("n")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("li", has_text=NOTE)).to_be_visible()
    expect(page.get_by_label("A note for colleagues")).to_have_value("")
    page.locator("h1").focus()
    page.keyboard.press("q")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li", has_text=QUESTION)).to_be_visible()
    page.get_by_role("button", name="Go on with the finding").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("li", has_text=FINDING)).to_be_visible()

    page.reload()
    seen(page)
    page.keyboard.press("n")
    expect(page.get_by_label("A note for colleagues")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Go on with the finding")).to_have_count(0)
    page.keyboard.press("q")
    expect(page.get_by_label("What to say")).to_have_value("")
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def test_two_experts_on_one_browser_keep_their_words_apart(new_desk: NewDesk, people: People) -> None:
    case_id = taken_by_anna(people)
    desk = new_desk("anna")
    # As it was kept before it had an owner.
    desk.page.add_init_script("localStorage.setItem('verdict of another', '{}')")
    page = case_opened(desk, case_id)
    written(page)
    page.keyboard.press("v")
    with desk.page.expect_request("**/draft"):  # which does not arrive
        desk.context.set_offline(True)
        page.get_by_label("What to tell the client").fill("Hers alone")
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")
    sit_down(desk, people, "boris")
    desk.context.set_offline(False)
    page.reload()
    seen(page)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_text("Борис Кузнецов")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take T").click()
    expect(page.get_by_text("You hold it")).to_be_visible()
    page.locator("h1").focus()
    for key, field in (("m", "Write to the client"), ("n", "A note for colleagues")):
        page.keyboard.press(key)
        expect(page.get_by_label(field)).to_have_value("")
        page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Go on with the finding")).to_have_count(0)
    page.locator("h1").focus()
    page.keyboard.press("q")
    expect(page.get_by_label("What to say")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    # What Anna saved on the server goes on under her name; what she had not, is not here.
    expect(page.get_by_text("Анна Белова began this draft.")).to_be_visible()
    expect(page.get_by_label("What to tell the client")).to_have_value(SUMMARY)
    page.wait_for_timeout(1_500)  # longer than a draft waits before it is saved
    draft = people.expert("boris").case(case_id)["draft"]
    assert (draft["author"]["display_name"], draft["summary"]) == ("Анна Белова", SUMMARY)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('verdict of'))") == []

    people.expert("boris").call("DELETE", f"/cases/{case_id}/lease")
    people.expert("anna").claim(case_id)
    sit_down(desk, people, "anna")
    page.reload()
    seen(page)
    check_that_all_is_there(page)
    page.keyboard.press("v")
    expect(page.get_by_label("What to tell the client")).to_have_value("Hers alone")
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def test_a_colleague_who_signs_in_in_another_tab_is_here_in_this_one(
    new_desk: NewDesk, people: People
) -> None:
    case_id = taken_by_anna(people)
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    page.keyboard.press("n")
    page.get_by_label("A note for colleagues").fill(NOTE)
    page.get_by_role("button", name="Menu").click()
    sit_down(desk, people, "boris")
    tab = desk.another_tab()
    tab.goto(f"{desk.url}/")
    expect(tab.get_by_text("Борис Кузнецов").first).to_be_visible()

    expect(page.locator("header").get_by_text("Борис Кузнецов")).to_be_visible()
    # Whether he may write one or not: hers is nowhere.
    fields = "[...document.querySelectorAll('textarea')]"
    until(page, f"!{fields}.some((field) => field.value.includes({NOTE!r}))")
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def sit_down(desk: Phone, people: People, login: str) -> None:
    """Somebody else signs in in this browser."""
    token = people.expert(login).headers["Authorization"].removeprefix("Bearer ")
    desk.context.clear_cookies()
    desk.context.add_cookies([{"name": DESK_COOKIE, "value": token, "url": desk.url}])


def test_without_a_connection_nothing_can_be_pressed_and_it_says_why(
    new_desk: NewDesk, people: People
) -> None:
    case_id = taken_by_anna(people)
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    page.get_by_role("button", name="More about the case").click()
    expect(page.get_by_role("button", name="Back to the queue")).to_be_enabled()
    desk.context.set_offline(True)
    expect(page.get_by_text("No connection").first).to_be_visible()

    cannot_be_pressed(page, "Back to the queue", "Mark a place", "Ask the client", "Verdict V")
    page.keyboard.press("Escape")
    not_done = page.get_by_text("What you pressed was not done")
    expect(not_done).to_have_count(0)
    page.keyboard.press("f")
    expect(not_done).to_be_visible()
    page.keyboard.press("n")
    page.get_by_label("A note for colleagues").fill(NOTE)
    cannot_be_pressed(page, "Keep")
    page.keyboard.press("Escape")
    desk.context.set_offline(False)
    expect(page.get_by_role("button", name="Ask the client")).to_be_enabled()
    page.keyboard.press("q")
    page.get_by_label("What to say").fill(QUESTION)
    desk.context.set_offline(True)
    expect(page.get_by_text("No connection").first).to_be_visible()
    expect(not_done).to_have_count(0)
    cannot_be_pressed(page, "Ask Ctrl+Enter")
    expect(page.get_by_label("What to say")).to_have_value(QUESTION)
    page.get_by_label("What to say").fill(f"{QUESTION}, please")
    page.keyboard.press("Control+Enter")
    expect(not_done).to_be_visible()
    desk.context.set_offline(False)
    expect(page.get_by_role("button", name="Ask Ctrl+Enter")).to_be_enabled()
    expect(page.get_by_label("What to say")).to_have_value(f"{QUESTION}, please")
    page.get_by_role("button", name="Ask Ctrl+Enter").click()
    asked: Any = wait_for(
        lambda: people.expert("anna").case(case_id)["info_tasks"] or None, "the question", 15
    )
    assert [one["question"] for one in asked] == [f"{QUESTION}, please"]
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def cannot_be_pressed(page: Page, *names: str) -> None:
    for name in names:
        button = page.get_by_role("button", name=name)
        expect(button).to_be_disabled()
        assert "No connection" in (button.get_attribute("title") or "")


def test_a_template_that_is_not_saved_yet_is_there_again(new_desk: NewDesk, people: People) -> None:  # noqa: ARG001 - the services run
    words = uuid4().hex
    desk = new_desk("vera")
    desk.open("/playbook")
    page = desk.page
    page.get_by_role("button", name=re.compile("Add ?: Ready words")).click()
    page.get_by_label("Title").fill(words)
    page.reload()
    page.get_by_role("button", name=re.compile("Add ?: Ready words")).click()
    expect(page.get_by_label("Title")).to_have_value(words)
    page.get_by_role("button", name="Start anew").click()
    expect(page.get_by_label("Title")).to_have_value("")
    page.reload()
    page.get_by_role("button", name=re.compile("Add ?: Ready words")).click()
    expect(page.get_by_label("Title")).to_have_value("")


def given(page: Page) -> None:
    """A verdict that can still be taken back."""
    page.locator("h1").focus()
    page.keyboard.press("v")
    page.get_by_role("radio", name="Not enough to tell").check()
    page.get_by_label("What to tell the client").fill(SUMMARY)
    page.get_by_label("What could not be checked").fill("The number")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("goes out in")).to_be_visible()


def test_a_verdict_goes_out_before_its_expert_signs_out(new_desk: NewDesk, people: People) -> None:
    case_id = taken_by_anna(people)
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    # So that the session of the other tests stays.
    page.route("**/auth/sessions/current", lambda route: route.fulfill(status=204))
    given(page)
    page.keyboard.press("Control+k")
    page.locator("input[role=combobox]").fill("Queue")
    page.get_by_role("option", name="Queue", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Login")).to_be_visible()
    assert people.expert("anna").case(case_id)["state"] == "answered"


def test_a_verdict_never_goes_out_in_the_name_of_a_colleague(new_desk: NewDesk, people: People) -> None:
    case_id = taken_by_anna(people)
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    given(page)
    sit_down(desk, people, "boris")
    tab = desk.another_tab()
    tab.goto(f"{desk.url}/")
    expect(page.get_by_text("The session ended before it went out")).to_be_visible()
    assert people.expert("anna").case(case_id)["decisions"] == []
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")
