"""From the first visit to an inspection that is sent: sign-up on the way, and the draft never lost."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.phone import Phone, file_of
from tests.factories.photos import jpeg

SHOTS = ("vin_stamped", "vin_plate", "front", "rear")


def test_what_is_missing_is_named_and_the_first_of_it_one_tap_away(any_phone: Phone) -> None:
    steps.begin(any_phone)
    steps.send(any_phone)
    page = any_phone.page
    summary = page.get_by_role("alert").filter(has=page.get_by_role("link"))
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link").last.tap()
    expect(page.locator("#identifier")).to_be_focused()
    expect(page.locator("#identifier")).to_have_attribute("aria-invalid", "true")


def test_words_and_photos_survive_a_reload_and_the_death_of_the_tab(phone: Phone, tmp_path: Path) -> None:
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg()))
    steps.enter_vin(phone, "SAL1A2A40")
    phone.page.locator("#worry").fill("The rivets look new")
    steps.written(phone, "The rivets look new")
    draft = phone.page.url
    phone.page.reload()
    expect(steps.photos(phone)).to_have_count(1)
    phone.kill_the_tab()
    phone.page.goto(draft)
    expect(steps.photos(phone)).to_have_count(1)
    expect(phone.page.locator("#identifier")).to_have_value("SAL1A2A40")
    expect(phone.page.locator("#worry")).to_have_value("The rivets look new")
