"""The experts' desk: signing in, the queue, and a case from its first photo to the verdict, by keys alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser import audit, steps
from tests.browser.desk_gallery import NewDesk, case_opened, desk_screens, seen, sent_by
from tests.browser.desk_steps import PASSWORD, enrolled, newcomer
from tests.browser.phone import Look, Phone, file_of
from tests.browser.words import ANSWER
from tests.factories.photos import jpeg, stamped_number
from tests.flows.conftest import People

ON_THE_DESK_WITHIN: Final = 5_000
"""Milliseconds; the goal is a second on a machine that does nothing else."""


def test_the_first_sign_in_sets_up_an_app_and_the_next_one_asks_for_it(
    new_desk: NewDesk, people: People
) -> None:
    login = newcomer(people)
    desk = new_desk(None)
    page = desk.page
    desk.open()
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill("not it")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    recovery = enrolled(page, login)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of the app").fill(recovery[0])
    page.get_by_label("Code of the app").press("Enter")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_from_the_queue_to_the_verdict_by_keys_alone(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    case_id = sent_by(client, make="Keyboard")
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    page, keyboard = desk.page, desk.page.keyboard
    desk.open()
    expect(page.get_by_role("heading", name="Queue")).to_be_focused()
    row = page.locator(f"a[href='/cases/{case_id}']")
    expect(row).to_be_visible()
    for _ in range(200):
        keyboard.press("j")
        if row.evaluate("(row) => row === document.activeElement"):
            break
    keyboard.press("t")
    page.wait_for_url(f"**/cases/{case_id}")
    expect(page.get_by_text("You hold it")).to_be_visible()
    seen(page)

    keyboard.press("f")
    expect(page.get_by_role("application")).to_be_focused()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp", "Enter"):
        keyboard.press(key)
    expect(page.get_by_label("What is here")).to_be_focused()
    keyboard.type("The last digits stand lower")
    keyboard.press("Control+Enter")
    expect(page.get_by_text("The last digits stand lower", exact=True)).to_be_visible()
    [finding] = people.expert("anna").case(case_id)["findings"]
    region = finding["places"][0]["region"]
    assert 0 < region["width"] < 1
    assert 0 < region["height"] < 1

    keyboard.press("v")
    expect(page.get_by_role("radio").first).to_be_focused()
    keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").get_by_text("no verdict is chosen")).to_be_visible()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Signs of altered markings", exact=True)).to_be_checked()
    keyboard.press("e")
    keyboard.type("Struck with another tool.")
    keyboard.press("Control+Enter")
    expect(page.get_by_text("goes out in")).to_be_visible()
    page.evaluate(
        "document.activeElement?.blur()"
    )  # at once: there are ten seconds, however busy the machine
    keyboard.press("Control+z")
    expect(page.get_by_text("goes out in")).to_have_count(0)
    assert people.expert("anna").case(case_id)["state"] == "in_work"

    page.wait_for_url(f"**/cases/{case_id}")
    expect(page.get_by_role("button", name="Verdict V")).to_be_visible()
    keyboard.press("v")
    expect(page.get_by_label("What to tell the client")).to_have_value("Struck with another tool.")
    keyboard.press("Control+Enter")
    client.wait_until(case_id, "answered")
    expect(page.get_by_text("is on its way")).to_have_count(0)


def test_client_and_desk_together(new_phone: Callable[..., Phone], new_desk: NewDesk, tmp_path: Path) -> None:
    desk = new_desk("boris")
    desk.open()
    expect(desk.page.get_by_role("heading", name="Queue")).to_be_visible()
    phone = new_phone()
    phone.sign_in()
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, stamped_number()))
    steps.enter_vin(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    row = desk.page.locator(f"a[href='/cases/{inspection_id}']")
    expect(row).to_be_visible(timeout=ON_THE_DESK_WITHIN)

    row.click()
    page = desk.page
    page.get_by_role("button", name="Take T").click()
    expect(page.get_by_text("You hold it")).to_be_visible()
    seen(page)
    page.keyboard.press("q")
    page.get_by_label("What to say").fill("The right pillar, closer")
    page.get_by_role("button", name="Mark a place").click()
    sheet = page.get_by_role("application").bounding_box()
    assert sheet
    page.mouse.move(sheet["x"] + sheet["width"] * 0.4, sheet["y"] + sheet["height"] * 0.45)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] * 0.6, sheet["y"] + sheet["height"] * 0.55, steps=4)
    page.mouse.up()
    expect(page.get_by_text("will be marked on the earlier photo")).to_be_visible()
    page.get_by_role("button", name="Ask Ctrl+Enter").click()

    phone.page.get_by_role("link", name=ANSWER["en"]).tap()
    phone.page.wait_for_url("**/questions/*")
    expect(phone.page.locator(".mark")).to_be_visible()
    phone.page.locator("input[type=file]").first.set_input_files(file_of(tmp_path, jpeg(700, 500)))
    phone.page.locator("button.primary").tap()
    expect(page.get_by_role("button", name="as asked")).to_be_visible()
    expect(page.get_by_text("answered", exact=True)).to_be_visible()

    page.keyboard.press("v")
    page.get_by_role("radio", name="Not enough to tell").check()
    page.get_by_label("What to tell the client").fill("The plate is not on the photos.")
    page.get_by_label("What could not be checked").fill("The plate\nThe engine number")
    page.get_by_role("button", name="Send and next").click()
    phone.page.get_by_role("link", name="To the check").tap()
    expect(phone.page.get_by_text("The plate is not on the photos.")).to_be_visible()


def test_two_experts_on_one_case_know_of_each_other(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    annas, boriss = new_desk("anna"), new_desk("boris")
    case_opened(annas, case_id)
    case_opened(boriss, case_id)
    annas.page.keyboard.press("t")
    expect(annas.page.get_by_text("You hold it")).to_be_visible()
    expect(boriss.page.get_by_text("Held by Анна Белова")).to_be_visible()
    expect(boriss.page.get_by_role("button", name="Verdict V")).to_have_count(0)

    annas.page.keyboard.press("v")
    annas.page.get_by_label("What to tell the client").fill("I think that")
    boris_id = people.expert("boris").get("/me")["id"]
    body = {"expert_id": boris_id}
    people.expert("lead").call("POST", f"/cases/{case_id}/reassignment", body, key=uuid4().hex)
    expect(annas.page.get_by_text("Борис Кузнецов holds the case now")).to_be_visible()
    expect(annas.page.get_by_label("What to tell the client")).to_have_value("I think that")
    expect(boriss.page.get_by_text("You hold it")).to_be_visible()
    people.expert("boris").call("DELETE", f"/cases/{case_id}/lease")


def test_after_a_cut_the_desk_says_so_and_then_shows_what_was_missed(
    new_desk: NewDesk, people: People
) -> None:
    desk = new_desk("vera")
    desk.open()
    expect(desk.page.get_by_role("heading", name="Queue")).to_be_visible()
    desk.context.set_offline(True)
    expect(desk.page.get_by_text("No connection: you see what was")).to_be_visible()
    case_id = sent_by(people.client())
    people.expert("vera").wait_until(case_id, "queued")
    desk.context.set_offline(False)
    expect(desk.page.locator(f"a[href='/cases/{case_id}']")).to_be_visible()
    expect(desk.page.get_by_text("No connection")).to_have_count(0)


# What costs time is to come to each screen: so it is done once a language, and each width is tried there.
@pytest.mark.parametrize(
    ("look", "narrower"),
    [(Look(1440, 900, "light", "ru"), 1280), (Look(390, 844, "dark", "en"), 360)],
    ids=str,
)
def test_every_screen_is_for_everybody(new_desk: NewDesk, people: People, look: Look, narrower: int) -> None:
    wrong: list[str] = []
    for name, page in desk_screens(new_desk, people, look):
        found = audit.barriers(page)
        for width in (narrower, look.width):
            page.set_viewport_size({"width": width, "height": look.height})
            found += [f"{width}: {what}" for what in audit.overflow(page, width)]
        wrong += [f"{name}: {what}" for what in found]

    assert not wrong, "\n".join(wrong)
