"""The palette finds acts, screens, people and cases, by whichever number one remembers."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_gallery import NewDesk, case_opened, sent_by
from tests.browser.phone import Phone
from tests.flows.conftest import People


def searched(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_be_attached()
    page.keyboard.press("Control+k")
    page.locator("dialog [role=combobox]").fill(text)


def test_a_case_is_found_by_its_number_the_cars_and_the_plate(new_desk: NewDesk, people: People) -> None:
    digits = str(int(uuid4().hex[:6], 16) % 900 + 100)
    vin = f"XTA21099{digits}123456"[:17]
    case_id = sent_by(people.client(), identifier=vin, plate=f"A{digits}AA77")
    anna = people.expert("anna")
    anna.wait_until(case_id, "queued")
    number = anna.case(case_id)["number"]
    desk = new_desk("anna")
    desk.open()
    page = desk.page
    # As one reads it off a paper: in small letters, or in Cyrillic.
    for text in (number.lower(), vin.lower(), f"а{digits}аа 77"):
        searched(page, text)
        page.get_by_role("option", name=f"Case {number}").click()
        page.wait_for_url(f"**/cases/{case_id}")
        expect(page.get_by_role("region", name="About this car")).to_be_visible()
        page.keyboard.press("u")
        page.wait_for_url(lambda url: url.endswith("/"))


@pytest.mark.parametrize("login", ["boris", "lead"])
def test_somebody_is_found_with_what_they_have_in_hand(new_desk: NewDesk, people: People, login: str) -> None:
    anna = people.expert("anna")
    case_id, other = sent_by(people.client()), sent_by(people.client())
    for one in (case_id, other):
        anna.wait_until(one, "queued")
    anna.claim(case_id)
    desk: Phone = new_desk(login)
    desk.open()
    page = desk.page
    expect(page.locator(f"a[href='/cases/{other}']")).to_be_visible()
    page.get_by_role("button", name="All ", exact=False).first.click()
    expect(page.locator(f"a[href='/cases/{case_id}']")).to_be_visible()
    searched(page, "белова")
    page.get_by_role("option", name="Cases of Анна Белова").click()
    expect(page.get_by_label("Find in the queue")).to_have_value("Анна Белова")
    expect(page.locator(f"a[href='/cases/{case_id}']")).to_be_visible()
    expect(page.locator(f"a[href='/cases/{other}']")).to_have_count(0)
    anna.call("DELETE", f"/cases/{case_id}/lease")


def test_acts_and_screens_are_found_by_their_words(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    page = case_opened(new_desk("anna"), case_id)
    searched(page, "about this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Other cases")).to_be_visible()
    searched(page, "reference")
    page.get_by_role("option", name="Reference base").click()
    page.wait_for_url("**/exemplars")
