"""The number on the photo, offered to the person beside the place where it stands."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser import steps
from tests.browser.phone import READ_PATIENCE, Phone, file_of
from tests.browser.words import NO, YES_USE_IT
from tests.factories.photos import jpeg, vin_plate


def yes(phone: Phone) -> Locator:
    return phone.page.get_by_role("button", name=YES_USE_IT[phone.look.language])


def test_the_number_is_read_from_the_photo_and_confirmed(any_phone: Phone, tmp_path: Path) -> None:
    phone, page = any_phone, any_phone.page
    steps.begin(phone)
    steps.take(phone, "vin_plate", file_of(tmp_path, vin_plate(steps.VIN)))
    expect(yes(phone)).to_be_visible(timeout=READ_PATIENCE)
    expect(page.locator("#identifier")).to_have_value("")
    yes(phone).tap()
    expect(page.locator("#identifier")).to_have_value(steps.VIN)
    expect(yes(phone)).to_have_count(0)
    steps.written(phone, steps.VIN)


def test_what_was_read_replaces_nothing_that_was_typed(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    steps.begin(phone)
    steps.enter_vin(phone, "WVWZZZ1JZ3W38")
    steps.take(phone, "vin_plate", file_of(tmp_path, vin_plate(steps.VIN)))
    expect(yes(phone)).to_be_visible(timeout=READ_PATIENCE)
    page.get_by_role("button", name=NO[phone.look.language], exact=True).tap()
    expect(page.locator("#identifier")).to_have_value("WVWZZZ1JZ3W38")
    expect(page.get_by_text("Then type the number yourself.")).to_be_focused()


def test_where_nothing_can_be_read_nothing_is_said(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    steps.begin(phone)
    with page.expect_response("**/api/v1/readings", timeout=READ_PATIENCE) as answered:
        steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(640, 480)))
    assert answered.value.ok
    expect(page.get_by_text("Reading the number")).to_have_count(0)
    expect(yes(phone)).to_have_count(0)

    page.route("**/api/v1/readings", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        steps.take(phone, "vin_plate", file_of(tmp_path, vin_plate(steps.VIN)))
    expect(page.get_by_text("Reading the number")).to_have_count(0)
    steps.enter_vin(phone)
    steps.written(phone, steps.VIN)
