"""The light that a photo is looked at in: by keys, kept for each photo, and only for whoever chose it."""

from collections.abc import Callable
from io import BytesIO
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from deploy.demo.people import wait_for
from tests.browser import audit
from tests.browser.desk_gallery import WORDS, case_opened, seen, sent_by
from tests.browser.phone import Language, Look, Phone, Scheme, until
from tests.flows.conftest import People

NewDesk = Callable[..., Phone]
LOOKS: Final = ((1440, 900, "light", "ru"), (1280, 720, "dark", "en"))
OF_THE_CASE: Final = ("Are the digits genuine?", "Анна Белова", *(one["check"] for one in WORDS.values()))


def is_grey(page: Page) -> bool:
    """Whether the photo is grey where the sheet does not lie on it."""
    image = Image.open(BytesIO(page.locator(".viewer").screenshot())).convert("RGB")
    pixel = image.getpixel((image.width // 4, image.height // 2))
    assert isinstance(pixel, tuple)
    return max(pixel) - min(pixel) < 16


def a_case(people: People) -> str:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    return case_id


def sheet_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Light")


def test_light_is_changed_by_keys_and_kept_for_each_photo(new_desk: NewDesk, people: People) -> None:
    case_id = a_case(people)
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    sheet, negative = sheet_of(page), page.get_by_role("button", name="Negative")
    page.keyboard.press("l")
    expect(sheet).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(sheet.get_by_label("Brightness")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(sheet.get_by_text("110 %")).to_be_visible()
    negative.focus()
    page.keyboard.press("Space")
    until(page, "document.querySelector('.viewer canvas').style.filter.includes('#light')")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    assert case_id in page.url  # Escape closed the sheet alone

    page.keyboard.press("Shift+Digit2")
    seen(page)
    page.keyboard.press("l")
    expect(negative).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("l")
    expect(sheet).to_have_count(0)
    page.reload()
    seen(page)
    page.keyboard.press("l")
    expect(negative).to_have_attribute("aria-pressed", "true")
    expect(sheet.get_by_text("110 %")).to_be_visible()
    sheet.get_by_role("button", name="As taken").click()
    until(page, "document.querySelector('.viewer canvas').style.filter === ''")

    # A colleague sees the photo as it was taken.
    negative.click()
    colleague = case_opened(new_desk("boris"), case_id)
    colleague.keyboard.press("l")
    expect(colleague.get_by_role("button", name="Negative")).to_have_attribute("aria-pressed", "false")


def test_relief_and_even_light_are_made_of_the_photo_where_it_is_looked_at(
    new_desk: NewDesk, people: People
) -> None:
    page = case_opened(new_desk("anna"), a_case(people))
    page.keyboard.press("Shift+Digit2")  # one of colours
    seen(page)
    assert not is_grey(page)
    page.keyboard.press("l")
    for name in ("Even light", "Relief"):
        page.get_by_role("button", name=name).click()
        seen(page)
    wait_for(lambda: is_grey(page) or None, "the photo in relief")
    sheet_of(page).get_by_role("button", name="As taken").click()
    wait_for(lambda: not is_grey(page) or None, "the photo as it was taken")


def test_a_photo_that_cannot_be_loaded_says_so_in_any_light(new_desk: NewDesk, people: People) -> None:
    desk = new_desk("anna")
    page = desk.page
    page.route(
        "**/*", lambda route: route.abort() if route.request.resource_type == "image" else route.continue_()
    )
    desk.open(f"/cases/{a_case(people)}")
    expect(page.locator(".viewer").get_by_role("alert")).to_be_visible()
    page.keyboard.press("l")
    page.get_by_role("button", name="Relief").click()
    expect(page.locator(".viewer").get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Load it again")).to_be_visible()


@pytest.mark.parametrize(("width", "height", "scheme", "language"), LOOKS)
def test_the_sheet_is_for_everybody(
    new_desk: NewDesk, people: People, width: int, height: int, scheme: Scheme, language: Language
) -> None:
    page = case_opened(new_desk("anna", Look(width, height, scheme, language)), a_case(people))
    page.keyboard.press("l")
    expect(page.locator("#light-title")).to_be_visible()
    foreign = [text for text in audit.foreign_words(page, language) if text not in OF_THE_CASE]
    assert audit.barriers(page) + audit.overflow(page, width) + foreign == []
