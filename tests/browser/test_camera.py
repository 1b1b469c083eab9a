"""Photo after photo with the page's own camera, what is said in place of one, and what is left without it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser import audit, steps
from tests.browser.phone import READ_PATIENCE, Look, Phone, file_of
from tests.browser.words import AS_IT_IS, CLOSE_CAMERA, DONE, NOT_ALLOWED, NOT_HERE, PHOTOGRAPH, TAKE, WHERE
from tests.factories.photos import jpeg

SHOTS: Final = 4
# Check a car, photograph the number, four photos, Send; nothing is typed.
MOST_TAPS: Final = 7
# Another car, the number, one photo, Done, Send.
TAPS_OF_A_SECOND_ORDER: Final = 5
REFUSING: Final = """
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "{name}"));
"""
TAKEN_AWAY: Final = """
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    window.taken = stream.getVideoTracks()[0];
    return stream;
  };
  navigator.permissions.query = () => Promise.resolve({state: "{state}"});
"""
OLD: Final = """
  delete window.OffscreenCanvas; delete window.ImageCapture; delete window.SyncManager; delete crypto.randomUUID;
"""


def guided(phone: Phone) -> Page:
    """From Home to the camera: two taps."""
    phone.open()
    steps.start(phone, PHOTOGRAPH)
    expect(phone.page.get_by_role("dialog")).to_be_visible()
    return phone.page


def shoot(phone: Phone) -> int:
    """Take one photo; where another is advised, keep it as it is. Returns how many taps that took."""
    page, language = phone.page, phone.look.language
    before = steps.kept(page)
    button = page.get_by_role("button", name=TAKE[language], exact=True)
    expect(button).to_have_attribute("aria-disabled", "false")
    shot = page.url
    button.tap()
    as_it_is = page.get_by_role("button", name=AS_IT_IS[language], exact=True)
    # The next shot has an address of its own.
    next_one = button.and_(page.locator("[aria-disabled=false]"))
    expect(next_one.or_(as_it_is).or_(page.locator("a[href$='/worry']")).first).to_be_visible()
    assert steps.kept(page) == before + 1
    if not as_it_is.is_visible():
        expect(page).not_to_have_url(shot)
        return 1
    as_it_is.tap()
    expect(page).not_to_have_url(shot)
    return 2


def number_is_read(phone: Phone) -> None:
    grouped = "\u2009".join((steps.VIN[:3], steps.VIN[3:9], steps.VIN[9:]))
    expect(phone.page.get_by_text(grouped)).to_be_visible(timeout=READ_PATIENCE)


def test_four_photos_and_sent_in_seven_taps(any_phone: Phone) -> None:
    phone = any_phone
    phone.sign_in()
    guided(phone)
    taps = 2 + sum(shoot(phone) for _ in range(SHOTS))
    expect(steps.photos(phone)).to_have_count(SHOTS)
    number_is_read(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    assert taps + 1 <= MOST_TAPS
    inspection = phone.call("GET", f"/inspections/{inspection_id}")
    assert inspection["claim"]["identifier"] == steps.VIN
    # The camera of a test stands still, and photos of the same bytes are one piece of evidence.
    assert inspection["evidence"]


def test_a_second_order_takes_five_taps(phone: Phone) -> None:
    page = phone.page
    phone.sign_in()
    guided(phone)
    taps = 2 + shoot(phone)
    page.get_by_role("button", name=DONE["en"]).tap()
    page.wait_for_url(steps.REVIEW)
    number_is_read(phone)
    steps.send(phone)
    steps.sent(phone)
    assert taps + 2 <= TAPS_OF_A_SECOND_ORDER


def test_whoever_comes_back_comes_back_to_the_same_shot(phone: Phone) -> None:
    page = phone.page
    guided(phone)
    shoot(phone)
    shot = page.url
    assert shot.endswith("/camera/vin_plate")
    page.reload()
    expect(page.get_by_role("dialog").get_by_role("heading", name="VIN plate")).to_be_visible()
    phone.kill_the_tab()
    phone.open()
    phone.page.get_by_role("link", name="Go on").tap()
    expect(phone.page).to_have_url(shot)


def test_that_there_is_no_plate_is_an_answer_and_a_sticker_is_asked_for(any_phone: Phone) -> None:
    phone, page, language = any_phone, any_phone.page, any_phone.look.language
    phone.sign_in()
    guided(phone)
    shoot(phone)
    assert audit.small_targets(page) == []
    assert audit.overflow(page, phone.look.width) == []
    page.get_by_role("button", name=NOT_HERE[language]).tap()
    expect(page).to_have_url(re.compile("/camera/door_sticker$"))
    shoot(phone)
    expect(page).to_have_url(re.compile("/camera/windshield_vin$"))
    page.get_by_role("button", name=NOT_ALLOWED[language]).tap()
    expect(page).to_have_url(re.compile("/camera/front$"))
    page.get_by_role("button", name=DONE[language], exact=True).tap()
    page.wait_for_url(steps.REVIEW)
    number_is_read(phone)
    steps.send(phone)
    inspection = phone.call("GET", f"/inspections/{steps.sent(phone)}")
    assert inspection["shot_answers"] == [
        {"shot": "vin_plate", "answer": "not_found"},
        {"shot": "windshield_vin", "answer": "not_allowed"},
    ]


def test_while_it_is_aimed_the_camera_says_what_to_do(phone: Phone) -> None:
    guided(phone)
    expect(phone.page.get_by_text("Clear. Take it")).to_be_visible()


def test_where_there_is_no_number_anywhere_its_place_and_the_plate_are_asked_for(phone: Phone) -> None:
    page = phone.page
    phone.open()
    steps.start(phone, WHERE)
    page.get_by_role("button", name="There is no number anywhere").tap()
    expect(page).to_have_url(re.compile("/camera/vin_stamped$"))
    expect(page.get_by_role("dialog")).to_be_visible()
    steps.written(phone, "not_found")
    steps.number_page(phone)
    expect(page.get_by_label("Number plate only")).to_be_checked()


@pytest.mark.parametrize("name", ["NotAllowedError", "NotFoundError", "NotReadableError"])
def test_without_a_camera_the_phones_own_takes_the_photos(new_phone: Callable[..., Phone], name: str) -> None:
    phone = new_phone(Look(width=320, height=568), old_engine=REFUSING.replace("{name}", name))
    page = guided(phone)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("dialog .shutter input[type=file]")).to_have_attribute("capture", "environment")
    page.get_by_role("button", name=CLOSE_CAMERA["en"]).tap()
    expect(page).to_have_url(re.compile("/new$"))


@pytest.mark.parametrize(
    ("state", "said"), [("denied", "may not use the camera"), ("granted", "Another app")]
)
def test_a_camera_that_is_taken_away_while_it_is_open_leaves_the_phones_own(
    new_phone: Callable[..., Phone], tmp_path: Path, state: str, said: str
) -> None:
    phone = new_phone(old_engine=TAKEN_AWAY.replace("{state}", state))
    page = guided(phone)
    expect(page.get_by_role("button", name=TAKE["en"], exact=True)).to_have_attribute(
        "aria-disabled", "false"
    )
    page.evaluate("taken.dispatchEvent(new Event('ended'))")
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert audit.barriers(page) == []
    assert audit.small_targets(page) == []
    own = page.locator("dialog .shutter input[type=file]")
    expect(own).to_have_attribute("capture", "environment")
    own.set_input_files(file_of(tmp_path, jpeg()))
    page.get_by_role("button", name=AS_IT_IS["en"], exact=True).tap()
    expect(page).to_have_url(re.compile("/camera/vin_plate$"))
    assert steps.kept(page) == 1
    # With leave given anew it is there again.
    page.get_by_role("button", name="Try the camera again").tap()
    expect(page.get_by_role("button", name=TAKE["en"], exact=True)).to_have_attribute(
        "aria-disabled", "false"
    )


def test_an_old_phone_takes_photos_too(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone(old_engine=OLD)
    guided(phone)
    shoot(phone)
    phone.page.get_by_role("button", name=DONE["en"]).tap()
    expect(steps.photos(phone)).to_have_count(1)
