"""The number on the photo: in sight where it is sent, and compared by characters where it is in doubt."""

import json
import re
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Route, expect

from tests.browser import audit, steps
from tests.browser.phone import READ_PATIENCE, Phone, file_of
from tests.browser.words import IT_FITS
from tests.factories.photos import jpeg, vin_plate

REGION: Final = {"x": 0.2, "y": 0.4, "width": 0.6, "height": 0.1}


def answered(phone: Phone, *numbers: dict[str, Any]) -> None:
    """Have one photo after the other read as one of the numbers, whatever they show."""
    told = list(numbers)

    def read(route: Route) -> None:
        candidate: dict[str, Any] = {
            "kind": "vin",
            "formatted": "",
            "confidence": 0.95,
            "region": REGION,
            "source": "text",
            "upside_down": False,
            "changes": [],
            "issues": [],
            "check_digit": None,
            **told.pop(0),
        }
        body: dict[str, Any] = {"candidates": [candidate], "number_seen": True}
        route.fulfill(status=200, content_type="application/json", body=json.dumps(body))

    phone.page.route("**/api/v1/readings", read)


def test_the_number_that_was_read_is_sent_with_its_picture_in_sight(any_phone: Phone, tmp_path: Path) -> None:
    phone, page = any_phone, any_phone.page
    phone.sign_in()
    steps.begin(phone)
    steps.take(phone, "vin_plate", file_of(tmp_path, vin_plate(steps.VIN)))
    number = page.get_by_text("SAL\u20091A2A40\u2009SA606662")
    expect(number).to_be_visible(timeout=READ_PATIENCE)
    steps.send(phone)
    inspection = phone.call("GET", f"/inspections/{steps.sent(phone)}")
    assert inspection["claim"]["identifier"] == steps.VIN


def test_a_doubtful_number_is_compared_and_mended_by_rows(any_phone: Phone, tmp_path: Path) -> None:
    phone, page = any_phone, any_phone.page
    read = steps.VIN.replace("40S", "4DS")
    answered(phone, {"identifier": read, "changes": [{"position": 9, "typed": "0", "became": "D"}]})
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(640, 480)))
    page.locator("a[href$='/number']").tap()
    rows = page.locator("button.line")
    expect(rows).to_have_count(3)
    assert audit.small_targets(page) == []
    assert audit.overflow(page, phone.look.width) == []
    rows.nth(1).tap()
    page.locator("#characters").fill("1a2a40")
    page.locator("#characters").press("Enter")
    expect(rows.nth(1)).to_have_accessible_name(re.compile("^1 A 2 A 4 0"))
    page.get_by_role("button", name=IT_FITS[phone.look.language]).tap()
    page.wait_for_url(steps.REVIEW)
    steps.written(phone, steps.VIN)


def test_two_photos_that_differ_are_left_as_they_are(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    answered(phone, {"identifier": steps.VIN}, {"identifier": steps.VIN[:-2] + "82"})
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(640, 480)))
    expect(page.get_by_text("VIN, 17 characters")).to_be_visible()
    steps.take(phone, "vin_plate", file_of(tmp_path, jpeg(642, 480)))
    page.locator("a[href$='/number']").tap()
    expect(page.get_by_text("These photos differ. Leave it so?")).to_be_visible()
    expect(page.locator(".doubtful")).to_have_count(1)
    page.get_by_role("button", name="Yes, that is how it is").tap()
    page.wait_for_url(steps.REVIEW)
    steps.written(phone, steps.VIN)


def test_photos_of_the_gallery_are_sorted_by_what_is_read_on_them(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    answered(phone, {"identifier": steps.VIN, "source": "barcode"})
    phone.open("/new")
    page.get_by_label("Take from the gallery").set_input_files(file_of(tmp_path, jpeg(640, 480)))
    expect(page.get_by_role("button", name="Photo 1: Sticker in the door frame")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).tap()
    page.wait_for_url(steps.REVIEW)
    expect(page.get_by_text("VIN, 17 characters")).to_be_visible()


def test_what_was_read_replaces_nothing_that_was_typed(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    answered(phone, {"identifier": steps.VIN})
    steps.begin(phone)
    steps.enter_vin(phone, "WVWZZZ1JZ3W38")
    with page.expect_response("**/api/v1/readings"):
        steps.take(phone, "vin_plate", file_of(tmp_path, jpeg(640, 480)))
    expect(page.get_by_text("WVW\u2009ZZZ1JZ\u20093W38")).to_be_visible()
    expect(steps.number_page(phone)).to_have_value("WVWZZZ1JZ3W38")


def test_where_nothing_can_be_read_it_is_typed(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    steps.begin(phone)
    with page.expect_response("**/api/v1/readings", timeout=READ_PATIENCE) as asked:
        steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(640, 480)))
    assert asked.value.ok
    expect(page.get_by_text("There is none yet")).to_be_visible()

    page.route("**/api/v1/readings", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        steps.take(phone, "vin_plate", file_of(tmp_path, vin_plate(steps.VIN)))
    expect(page.get_by_text("There is none yet")).to_be_visible()
    steps.enter_vin(phone)
    steps.written(phone, steps.VIN)
