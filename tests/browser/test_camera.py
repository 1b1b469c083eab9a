"""Photo after photo with the page's own camera, and what is left where there is none."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.phone import Look, Phone
from tests.browser.words import AS_IT_IS, CHECK, CLOSE_CAMERA, GUIDED, TAKE

VIN_SHOTS: Final = 4
# Home, the camera, four photos, Send; the number is typed besides.
MOST_TAPS: Final = 7
REFUSING: Final = """
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "{name}"));
"""
OLD: Final = """
  delete window.OffscreenCanvas; delete window.ImageCapture; delete window.SyncManager; delete crypto.randomUUID;
"""


def guided(phone: Phone) -> Page:
    """From Home to the camera: two taps."""
    phone.open()
    phone.page.get_by_role("button", name=CHECK[phone.look.language]).tap()
    phone.page.get_by_role("link", name=GUIDED[phone.look.language]).tap()
    expect(phone.page.get_by_role("dialog")).to_be_visible()
    return phone.page


def shoot(phone: Phone) -> int:
    """Take one photo; where another is advised, keep it as it is. Returns how many taps that took."""
    page, language = phone.page, phone.look.language
    before = steps.kept(page)
    button = page.get_by_role("button", name=TAKE[language], exact=True)
    expect(button).to_have_attribute("aria-disabled", "false")
    button.tap()
    as_it_is = page.get_by_role("button", name=AS_IT_IS[language])
    expect(
        button.and_(page.locator("[aria-disabled=false]")).or_(as_it_is).or_(page.locator("#identifier"))
    ).to_be_visible()
    assert steps.kept(page) == before + 1
    if not as_it_is.is_visible():
        return 1
    as_it_is.tap()
    return 2


def test_four_photos_and_sent_in_seven_taps(any_phone: Phone) -> None:
    phone = any_phone
    phone.sign_in()
    guided(phone)
    taps = 2 + sum(shoot(phone) for _ in range(VIN_SHOTS))
    expect(steps.photos(phone)).to_have_count(VIN_SHOTS)
    steps.enter_vin(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    assert taps + 1 <= MOST_TAPS
    evidence = phone.call("GET", f"/inspections/{inspection_id}")["evidence"]
    # The camera of a test stands still, and photos of the same bytes are one piece of evidence.
    assert evidence


@pytest.mark.parametrize("name", ["NotAllowedError", "NotFoundError", "NotReadableError"])
def test_without_a_camera_the_phones_own_takes_the_photos(new_phone: Callable[..., Phone], name: str) -> None:
    phone = new_phone(Look(width=320, height=568), old_engine=REFUSING.replace("{name}", name))
    page = guided(phone)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("dialog input[type=file]")).to_have_attribute("capture", "environment")
    page.get_by_role("button", name=CLOSE_CAMERA["en"]).tap()
    expect(page.locator("#identifier")).to_be_visible()


def test_an_old_phone_takes_photos_too(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone(old_engine=OLD)
    guided(phone)
    shoot(phone)
    phone.page.get_by_role("button", name=CLOSE_CAMERA["en"]).tap()
    expect(steps.photos(phone)).to_have_count(1)
