"""Characters of a number laid over each other, under a grid that a person accepted; nothing is accused."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from deploy.demo.photos import as_phone_jpeg
from tests.browser import audit
from tests.browser.desk_gallery import case_opened, measured, number_boxed
from tests.browser.phone import Language, Look, Phone, Scheme, until
from tests.factories.photos import jpeg
from tests.factories.stampings import stamping
from tests.flows.conftest import People

NewDesk = Callable[..., Phone]
GENUINE: Final = Path(__file__).parents[2].parent / "shared" / "photos" / "vin-stamped-SAL1A2A40SA606662.jpg"
LOOKS: Final = ((1440, 900, "light", "ru"), (1280, 720, "dark", "en"))
NOT_OURS: Final = ("Анна Белова",)
STORED: Final = "Object.keys(localStorage).find((key) => key.includes('/grid of '))"


def numbered() -> tuple[bytes, str]:
    """A rendered number across the whole of a photo of its usual shape."""
    one = stamping(2)
    photo = Image.new("RGB", (one.image.width, one.image.width * 3 // 4), (90, 90, 90))
    photo.paste(one.image, (0, (photo.height - one.image.height) // 2))
    return as_phone_jpeg(photo), one.text


def comparing(
    new_desk: NewDesk, people: People, photos: list[bytes], identifier: str, look: Look | None = None
) -> Page:
    """A new case on the screen where its photos are compared, opened by a key."""
    client = people.client()
    case_id: str = client.start({"identifier": identifier})["id"]
    for photo in photos:
        client.upload(case_id, "vin_stamped", photo)
    client.submit(case_id)
    people.expert("anna").wait_until(case_id, "queued")
    people.expert("anna").claim(case_id)
    desk = new_desk("anna", look) if look else new_desk("anna")
    page = case_opened(desk, case_id)
    page.keyboard.press("c")
    page.wait_for_url("**/compare?photo=*")
    expect(page.locator("figure canvas")).to_have_count(1)
    return page


def test_characters_are_laid_over_each_other_by_keys_after_a_grid_was_accepted(
    new_desk: NewDesk, people: People
) -> None:
    photo, text = numbered()
    page = comparing(new_desk, people, [photo], text)
    number_boxed(page)
    expect(page.locator("#values-title")).to_have_count(0)
    corner = page.get_by_role("button", name="Upper left corner")
    before = corner.get_attribute("style")
    corner.press("Shift+ArrowDown")
    until(page, f"document.querySelector('.corner').getAttribute('style') !== {before!r}")
    page.get_by_role("button", name="Cut between characters 3 and 4").press("ArrowLeft")
    page.keyboard.press("Enter")

    cells = page.locator(".number tr:first-child td")
    expect(cells).to_have_count(len(text))
    assert [cell.inner_text() for cell in page.locator(".number tr:nth-child(2) td").all()] == list(text)
    expect(page.get_by_text("You accepted the grid at")).to_be_visible()
    for key, name in (("b", "Blink"), ("2", "Difference"), ("1", "Layer")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    of_b = page.locator("figcaption").nth(2)
    shown = of_b.inner_text()
    page.keyboard.press("s")
    expect(of_b).not_to_have_text(shown)
    page.keyboard.press("z")
    expect(page.locator("figcaption").first).to_have_text(of_b.inner_text().replace("B ·", "A ·"))
    measured(page)
    nothing_is_accused(page)

    page.reload()
    expect(page.locator("#values-title")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#grid-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#values-title")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]+$"))


def test_a_grid_says_nothing_of_a_photo_that_came_in_its_place(new_desk: NewDesk, people: People) -> None:
    photo, text = numbered()
    page = comparing(new_desk, people, [photo], text)
    number_boxed(page)
    page.keyboard.press("Enter")
    expect(page.locator("#values-title")).to_be_visible()
    page.evaluate(
        f"const key = {STORED}; const entry = JSON.parse(localStorage[key]); entry.what.of = '0'.repeat(64);"
        "localStorage[key] = JSON.stringify(entry);"
    )
    page.reload()
    expect(page.get_by_text("The photo was replaced")).to_be_visible()
    expect(page.locator("#values-title")).to_have_count(0)
    expect(page.get_by_role("application")).to_be_focused()


@pytest.mark.parametrize("count", [9, 25])
def test_a_number_may_have_nine_characters_or_twenty_five(
    new_desk: NewDesk, people: People, count: int
) -> None:
    photo, text = numbered()
    page = comparing(new_desk, people, [photo], text)
    number_boxed(page)
    field = page.get_by_label("What is written here")
    field.fill("8")
    expect(page.get_by_text("It has to be 2 to 30 characters.")).to_be_visible()
    expect(page.locator(".sheet .primary")).to_be_disabled()
    field.fill("8" * count)
    expect(page.get_by_text(f"{count} characters")).to_be_visible(timeout=60_000)
    expect(page.locator(".cut")).to_have_count(count - 1)
    field.press("Enter")
    expect(page.locator(".number tr:first-child td")).to_have_count(count)
    assert audit.overflow(page, 1440) == []


def test_a_photo_that_cannot_be_loaded_says_so_and_another_is_chosen(
    new_desk: NewDesk, people: People
) -> None:
    photo, text = numbered()
    page = comparing(new_desk, people, [photo, jpeg()], text)
    page.route(
        "**/*", lambda route: route.abort() if route.request.resource_type == "image" else route.continue_()
    )
    page.reload()
    expect(page.locator("figure").get_by_role("alert")).to_be_visible()
    page.unroute_all()
    page.locator(".pickers select").first.select_option(index=1)
    expect(page.get_by_role("application")).to_be_visible()


@pytest.mark.parametrize(("width", "height", "scheme", "language"), LOOKS)
def test_the_comparison_is_for_everybody(
    new_desk: NewDesk, people: People, width: int, height: int, scheme: Scheme, language: Language
) -> None:
    photo, text = numbered()
    page = comparing(new_desk, people, [photo, jpeg()], text, Look(width, height, scheme, language))

    def faults() -> list[str]:
        foreign = [one for one in audit.foreign_words(page, language) if one not in NOT_OURS]
        return audit.barriers(page) + audit.overflow(page, width) + foreign

    wrong = faults()
    number_boxed(page)
    wrong += faults()
    page.keyboard.press("Enter")
    expect(page.locator("#values-title")).to_be_visible()
    measured(page)
    wrong += faults()
    assert not wrong, "\n".join(wrong)


def test_a_genuine_number_is_not_accused(new_desk: NewDesk, people: People) -> None:
    if not GENUINE.exists():
        pytest.skip("there are no shared photos beside the checkout")
    page = comparing(new_desk, people, [GENUINE.read_bytes()], "SAL1A2A40SA606662")
    number_boxed(page, ways=10)
    page.keyboard.press("Enter")
    measured(page)
    nothing_is_accused(page)


def nothing_is_accused(page: Page) -> None:
    """No mark, no count, no alarm, no words for a finding; and each value says how far it goes."""
    expect(page.locator("main .bad, main .tag.warn")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("finding", re.IGNORECASE))).to_have_count(0)
    values = page.locator("section:has(#values-title) td").all_inner_texts()
    assert values
    assert all("±" in value or "cannot be measured" in value for value in values), values
