"""What nobody designs for: sixty photos, words without end, other ways of writing, a tab that ends anywhere."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser import audit, steps
from tests.browser.answering import in_queue
from tests.browser.phone import PATIENCE, Look, Phone, file_of
from tests.browser.words import DONE, NEXT
from tests.factories.photos import jpeg
from tests.flows.conftest import People

MANY: Final = 60
LONGEST_WORRY: Final = 2000
# Arabic, with a Latin word, a number and what turns the direction round for all that follows.
RIGHT_TO_LEFT: Final = "رقم الهيكل VIN 17 محفور \u202e من جديد"
NAME: Final = "نور الدين"
# Of a new check, under its address.
PAGES: Final = (
    "where",
    "camera/vin_stamped",
    "sort",
    "number",
    "type",
    "one-photo",
    "more",
    "worry",
    "advert",
    "check",
)
# Without a reading there is nothing to compare, so that it is typed.
LEADS_ON: Final = {"number": "type"}


def test_sixty_photos_are_listed_scrolled_and_sent(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    phone.sign_in()
    steps.begin(phone)
    steps.open_page(phone, "more")
    files = [file_of(tmp_path, jpeg(640 + number, 480)) for number in range(MANY)]
    page.get_by_label("From the gallery").set_input_files(files)
    rows = page.get_by_role("button", name=re.compile(r"^Photo \d+:"))
    expect(rows).to_have_count(MANY)
    assert steps.kept(page) == MANY
    rows.last.scroll_into_view_if_needed()
    expect(rows.last.locator("img")).to_be_visible()
    assert audit.overflow(page, phone.look.width) == []
    rows.last.tap()
    page.get_by_role("dialog").get_by_role("button", name="Stamped number").tap()
    expect(page.get_by_role("button", name=f"Photo {MANY}: Stamped number")).to_be_visible()
    steps.review(phone)
    expect(page.get_by_text(f"Photos: {MANY}", exact=True)).to_be_visible()
    steps.enter_vin(phone)
    steps.send(phone)
    inspection = steps.sent(phone, patience=4 * PATIENCE)
    assert len(phone.call("GET", f"/inspections/{inspection}")["evidence"]) == MANY


def test_a_worry_without_end_is_kept_to_its_last_letter(any_phone: Phone) -> None:
    phone, page = any_phone, any_phone.page
    steps.begin(phone)
    steps.open_page(phone, "worry")
    words = "я" * LONGEST_WORRY
    page.locator("#worry").fill(words + "more than fits")
    steps.written(phone, words)
    expect(page.locator("#worry")).to_have_value(words)
    assert audit.overflow(page, phone.look.width) == []
    page.get_by_role("button", name=DONE[phone.look.language], exact=True).tap()
    expect(page.get_by_text(words)).to_be_visible()
    assert audit.overflow(page, phone.look.width) == []
    assert audit.small_targets(page) == []


def test_what_runs_from_right_to_left_turns_nothing_around_it(phone: Phone, people: People) -> None:
    page = phone.page
    phone.sign_in()
    phone.call("PATCH", "/me", {"display_name": NAME})
    steps.begin(phone)
    steps.enter_worry(phone, RIGHT_TO_LEFT)
    said = page.locator("main").get_by_text(RIGHT_TO_LEFT)
    expect(page.locator("main [dir=auto]").filter(has_text="VIN 17")).to_have_css("direction", "rtl")
    # The act beside it stays on the side where acts are.
    act = page.locator("a[href$='/worry']").bounding_box()
    words = said.bounding_box()
    assert act
    assert words
    assert act["x"] > words["x"]
    inspection = in_queue(phone, people)
    phone.open(f"/inspections/{inspection}/messages")
    page.get_by_label("Your message").fill(RIGHT_TO_LEFT)
    page.get_by_role("button", name="Send", exact=True).tap()
    line = page.locator("li p").filter(has_text="VIN 17")
    expect(line).to_have_css("direction", "rtl")
    expect(page.locator("li bdi").first).to_have_css("unicode-bidi", "isolate")


@pytest.mark.parametrize(
    ("number", "hint"), [("SAL1A2A40", "8 characters to go"), ("S" * 25, "8 characters too many")]
)
def test_a_number_that_is_too_short_or_too_long_is_said_to_be_after_next_alone(
    phone: Phone, number: str, hint: str
) -> None:
    page = phone.page
    steps.begin(phone)
    field = steps.number_page(phone)
    field.fill(number)
    expect(page.locator("#identifier-hint")).to_contain_text(hint)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name=NEXT["en"], exact=True).tap()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value(number)
    assert audit.overflow(page, phone.look.width) == []


def test_a_tab_that_ends_and_a_network_that_is_cut_lead_back_to_every_page(
    phone: Phone, tmp_path: Path
) -> None:
    steps.begin(phone)
    steps.take(phone, "front", file_of(tmp_path, jpeg()))
    draft = phone.page.url.removesuffix("/check")
    photo = phone.page.locator("a[href*='/photos/']").first.get_attribute("href")
    assert photo
    for name in PAGES:
        expected = LEADS_ON.get(name, name)
        phone.page.goto(f"{draft}/{name}")
        steps.written(phone, f'"page":"{expected}"')
        title = phone.page.get_by_role("heading", level=1).inner_text()
        phone.kill_the_tab()
        phone.context.set_offline(True)
        phone.open()
        phone.page.get_by_role("link", name="Go on").tap()
        expect(phone.page).to_have_url(f"{draft}/{expected}")
        heading = phone.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(title)
        phone.page.reload()
        expect(heading).to_have_text(title)
        phone.context.set_offline(False)
    # One photo is looked at on the way, and is no place to come back to.
    phone.page.goto(phone.url + photo)
    title = phone.page.get_by_role("heading", level=1).inner_text()
    phone.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(title)


def test_the_way_in_the_papers_is_shown(new_phone: Callable[..., Phone]) -> None:
    look = Look(320, 568)
    phone = new_phone(look)
    steps.begin(phone)
    steps.number_page(phone)
    page = phone.page
    page.get_by_text("Where it is in the papers").tap()
    picture = page.get_by_role("img", name=re.compile("the VIN is on the second line"))
    expect(picture).to_be_visible()
    page.get_by_label("Number plate only").check()
    expect(page.get_by_role("img", name=re.compile("the plate is on the first line"))).to_be_visible()
    assert audit.overflow(page, look.width) == []
    assert audit.barriers(page) == []
