"""Much of everything: sixty photos, forty checks, two thousand characters, long names, words right to left."""

import json
from typing import Any, Final
from uuid import UUID, uuid5

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import audit
from tests.browser.desk_gallery import NewDesk, case_opened, seen, sent_by
from tests.browser.phone import Look, Phone
from tests.flows.conftest import People

PHOTOS: Final = 60
CHECKS: Final = 40
RIGHT_TO_LEFT: Final = "\u05de\u05e1\u05e4\u05e8 \u05d4\u05e9\u05dc\u05d3\u05d4 "
WORRY: Final = (RIGHT_TO_LEFT * 10 + "The rivets look new, " * 100)[:2000]
NAME: Final = "Konstantin-Aleksandr " + "Longfellow" * 12
LOOKS: Final = (Look(1440, 900, "light", "en"), Look(1280, 720, "dark", "en"))


def much(case: dict[str, Any]) -> dict[str, Any]:
    """The same case with far more of everything."""
    photo, check = case["evidence"][0], case["checks"][0]
    photos = [photo | {"shot": "vin_stamped" if n % 2 else "front"} for n in range(PHOTOS - 1)]
    # The same ones at each look: what was chosen is there still when the case is fetched again.
    new_ids = [str(uuid5(UUID(photo["evidence_id"]), str(n))) for n in range(len(photos))]
    case["evidence"] = [
        photo,
        *(one | {"evidence_id": new} for one, new in zip(photos, new_ids, strict=True)),
    ]
    case["checks"] = [
        check
        | {
            "check_id": str(uuid5(UUID(check["check_id"]), str(n))),
            "text": f"{n}: " + "even in depth, pitch and slant; " * 6,
            "text_en": None,
        }
        for n in range(CHECKS)
    ]
    case["worry"] = WORRY
    case["claim"] |= {"make": "M" * 60, "model": RIGHT_TO_LEFT * 4}
    if case["holder"]:
        case["holder"]["display_name"] = NAME
    return case


def opened(new_desk: NewDesk, people: People, look: Look) -> tuple[Page, str]:
    anna = people.expert("anna")
    people.check(shot="vin_stamped", required=True)
    case_id = sent_by(people.client())
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    desk: Phone = new_desk("anna", look)

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=json.dumps(much(response.json())))

    desk.page.route(f"**/api/v1/cases/{case_id}", answer)
    return case_opened(desk, case_id), case_id


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_case_with_much_of_everything_stays_a_desk(new_desk: NewDesk, people: People, look: Look) -> None:
    page, case_id = opened(new_desk, people, look)
    strip = page.locator(".strip [aria-pressed]")
    expect(strip).to_have_count(PHOTOS)
    assert audit.overflow(page, look.width) == []
    photo = page.locator(".photo").bounding_box()
    assert photo
    # Nothing of it takes the room of the photo.
    assert photo["width"] * photo["height"] > 0.6 * look.width * look.height
    strip.last.scroll_into_view_if_needed()
    strip.last.click()
    expect(strip.last).to_have_attribute("aria-pressed", "true")
    strip.first.click()
    seen(page)
    expect(page.get_by_role("heading", name="To check")).to_contain_text(f"0 of {CHECKS}")
    last = page.get_by_text(f"{CHECKS - 1}: even in depth")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    # What ends the work is in sight, however long the list is.
    expect(page.get_by_role("button", name="Verdict V")).to_be_in_viewport()
    assert audit.barriers(page) == []

    page.keyboard.press("g")
    worry = page.locator("bdi", has_text="The rivets look new").last
    worry.scroll_into_view_if_needed()
    expect(worry).to_be_in_viewport()
    assert audit.overflow(page, look.width) == []

    page.keyboard.press("c")
    page.wait_for_url("**/compare?photo=*")
    assert audit.overflow(page, look.width) == []
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def test_a_slider_or_a_box_that_has_the_focus_keeps_no_letter_to_itself(
    new_desk: NewDesk, people: People
) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    people.expert("anna").claim(case_id)
    page = case_opened(new_desk("anna"), case_id)
    second = page.locator(".strip [aria-pressed]").nth(1)
    page.keyboard.press("l")
    brightness = page.get_by_role("dialog", name="Light").get_by_label("Brightness")
    brightness.focus()
    # The arrows are the slider's, the letters the desk's.
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("110 %")).to_be_visible()
    page.keyboard.press("d")
    expect(second).to_have_attribute("aria-pressed", "true")

    page.keyboard.press("v")
    page.get_by_role("radio", name="There are doubts").focus()
    page.keyboard.press("m")
    expect(page.locator("nav [aria-current=step]")).to_have_attribute("aria-label", "Chat")
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")
