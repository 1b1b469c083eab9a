"""From the first visit to an inspection that is sent: sign-up on the way, and the draft never lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import steps
from tests.browser.phone import Language, Look, Phone, file_of
from tests.factories.photos import jpeg

SHOTS = ("vin_stamped", "vin_plate", "front", "rear")


@pytest.mark.parametrize(
    ("language", "path", "shown"), [("ru", "/", True), ("en", "/", False), ("ru", "/help", False)]
)
def test_home_is_there_before_any_script(
    new_phone: Callable[..., Phone], language: Language, path: str, *, shown: bool
) -> None:
    phone = new_phone(Look(language=language))
    phone.page.route("**/assets/*", lambda route: route.abort())
    phone.open(path)
    heading = phone.page.get_by_role("heading", level=1, include_hidden=True)
    expect(heading).to_have_text("Проверьте машину до покупки")
    expect(heading).to_be_visible(visible=shown)
    phone.page.unroute("**/assets/*")
    phone.page.reload()
    expect(heading).to_be_visible()
    expect(heading).to_have_count(1)


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
    steps.enter_worry(phone, "The rivets look new")
    phone.page.reload()
    expect(steps.photos(phone)).to_have_count(1)
    phone.kill_the_tab()
    phone.open()
    phone.page.get_by_role("link", name="Go on").tap()
    phone.page.wait_for_url(steps.REVIEW)
    expect(steps.photos(phone)).to_have_count(1)
    expect(phone.page.get_by_text("The rivets look new")).to_be_visible()
    expect(steps.number_page(phone)).to_have_value("SAL1A2A40")


def test_what_is_slow_to_come_leaves_no_empty_screen(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone(old_engine="delete Navigator.prototype.serviceWorker;")  # it would have it already
    page = phone.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/assets/check-screens-*", hold)
    phone.open()
    page.get_by_role("link", name="Check a car").tap()
    expect(page.get_by_text("Loading…")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a car before you buy it")
    expect(page.get_by_role("link", name="Help")).to_be_visible()
    held.pop().continue_()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    expect(page.get_by_role("link", name="Help")).to_have_count(0)


def test_no_finger_is_needed(phone: Phone, tmp_path: Path) -> None:
    """From Home to sent by keys alone: each thing is reached by Tab, in the order of the page."""
    page = phone.page
    phone.sign_in()
    phone.open()
    press_on(page, "Check a car")
    expect(page.get_by_role("progressbar")).to_be_visible()
    press_on(page, "papers")
    expect(page.locator("#identifier")).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    reach(page, "VIN")
    page.keyboard.type(steps.VIN.lower())
    expect(page.locator("#identifier")).to_have_value(steps.VIN)
    page.keyboard.press("Enter")
    with page.expect_file_chooser() as chooser:
        press_on(page, "From the gallery")
    chooser.value.set_files(file_of(tmp_path, jpeg()))
    press_on(page, "Change")
    press_on(page, "Stamped number")
    press_on(page, "Next")
    expect(steps.photos(phone)).to_have_count(1)
    press_on(page, "Send to an expert")
    steps.sent(phone)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def press_on(page: Page, name: str) -> None:
    reach(page, name)
    page.keyboard.press("Enter")


def reach(page: Page, name: str) -> None:
    """Press Tab until what ends in `name` has the focus, and see that it shows."""
    led_to: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        led_to.append(page.evaluate(_FOCUSED))
        if led_to[-1].endswith(name):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"Tab does not lead to {name}, but to {led_to}")


_FOCUSED: Final = """(() => {
  const one = document.activeElement;
  const label = one.labels?.[0] ?? one;
  return (one.ariaLabel ?? label.textContent ?? "").replace(/\\s+/g, " ").trim();
})()"""
