"""Watching a car that was checked: begun at its answer, seen in a list, and ended there."""

from playwright.sync_api import expect

from tests.browser.answering import answered
from tests.browser.phone import Phone
from tests.flows.conftest import People


def test_a_car_is_watched_from_its_answer_and_no_longer_from_the_list(phone: Phone, people: People) -> None:
    phone.sign_in()
    page = phone.page
    phone.open("/profile")
    page.get_by_role("link", name="Cars that you watch").tap()
    expect(page.get_by_text("None yet")).to_be_visible()

    inspection = answered(people, phone, "anna")
    phone.open(f"/inspections/{inspection}")
    page.get_by_role("button", name="Watch this car").tap()
    expect(page.get_by_role("button", name="Stop watching")).to_contain_text("Watched until")
    page.get_by_role("link", name="All cars that you watch").tap()
    page.wait_for_url("**/watches")

    watched = page.get_by_role("list", name="Cars that you watch").get_by_role("listitem")
    expect(watched).to_have_count(1)
    expect(watched).to_contain_text("Watched until")
    page.context.set_offline(True)
    watched.get_by_role("button", name="Stop watching").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(watched).to_have_count(1)
    page.context.set_offline(False)
    watched.get_by_role("button", name="Stop watching").tap()
    expect(page.get_by_role("status")).to_contain_text("No longer watched:")
    expect(page.get_by_role("status")).to_contain_text("None yet")
    expect(page.get_by_role("heading", name="Cars that you watch")).to_be_focused()

    phone.open(f"/inspections/{inspection}")
    expect(page.get_by_role("button", name="Watch this car")).to_be_visible()
