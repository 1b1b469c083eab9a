"""What phones and galleries give out besides a plain JPEG: turned, of another kind, empty, huge, or shared."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image
from playwright.sync_api import expect

from deploy.demo.people import Expert, Json, wait_for
from tests.browser import steps
from tests.browser.phone import Phone, file_of
from tests.browser.words import SLOTS
from tests.factories import photos
from tests.flows.conftest import People

MB: Final = 1024 * 1024
# Above this the phone makes a small copy that goes ahead.
LARGE: Final = 300_000
FULL: Final = """
  window.isFull = false;
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...row) {
    if (isFull) throw new DOMException("", "QuotaExceededError");
    return put.apply(this, row);
  };
"""


def sent_to_an_expert(phone: Phone, expert: Expert) -> str:
    """The draft on the screen, sent, once an expert can open it."""
    steps.enter_vin(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    expert.wait_until(inspection_id, "queued")
    return inspection_id


def evidence_of(expert: Expert, inspection_id: str, original: str, count: int) -> list[Json]:
    """The photos of an inspection, once the originals of all of them are `awaited` or `held`."""

    def all_of_them() -> list[Json] | None:
        found: list[Json] = expert.case(inspection_id)["evidence"]
        return found if [one["original"] for one in found] == [original] * count else None

    return wait_for(all_of_them, f"{count} originals that are {original}")


def as_experts_see_it(expert: Expert, inspection_id: str, photo: Json) -> Image.Image:
    seen = expert.open_photo(inspection_id, photo["evidence_id"], "preview")
    return Image.open(BytesIO(seen.content))


def test_whichever_way_the_phone_was_held_experts_see_it_upright(
    phone: Phone, people: People, tmp_path: Path
) -> None:
    turned = [photos.with_comments(photos.with_exif(code), LARGE + code) for code in range(1, 9)]
    expert = people.expert("anna")
    phone.sign_in()
    phone.context.route("**/api/v1/uploads", lambda route: route.abort())
    steps.begin(phone)
    for photo in turned:
        steps.take(phone, "vin_stamped", file_of(tmp_path, photo))
    inspection_id = sent_to_an_expert(phone, expert)
    for copy in evidence_of(expert, inspection_id, "awaited", len(turned)):
        photos.assert_like_corners(as_experts_see_it(expert, inspection_id, copy), tolerance=20)

    phone.context.unroute("**/api/v1/uploads")
    phone.page.reload()
    held = evidence_of(expert, inspection_id, "held", len(turned))
    assert {one["sha256"] for one in held} == {hashlib.sha256(one).hexdigest() for one in turned}
    for original in held:
        photos.assert_like_corners(as_experts_see_it(expert, inspection_id, original), tolerance=20)


@pytest.mark.parametrize(
    ("name", "photo"),
    [
        ("photo.heic", photos.heic()),
        ("photo.jpg", photos.png()),
        ("photo.jpg", photos.with_comments(photos.jpeg(), 50 * MB - 70_000)),
    ],
    ids=["heic", "png-named-jpg", "50-megabytes"],
)
def test_a_photo_of_another_kind_arrives_as_it_is(
    phone: Phone, people: People, tmp_path: Path, name: str, photo: bytes
) -> None:
    expert = people.expert("anna")
    phone.sign_in()
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, photo, name))
    inspection_id = sent_to_an_expert(phone, expert)
    [held] = evidence_of(expert, inspection_id, "held", 1)
    photos.assert_like_corners(as_experts_see_it(expert, inspection_id, held), tolerance=20)
    original = expert.open_photo(inspection_id, held["evidence_id"], "original")
    assert original.content == photo


@pytest.mark.parametrize(("size", "said"), [(0, "This file is empty"), (50 * MB + 1, "over 50 MB")])
def test_what_no_expert_could_get_is_refused_at_once(
    phone: Phone, tmp_path: Path, size: int, said: str
) -> None:
    steps.begin(phone)
    chosen = tmp_path / "photo.jpg"
    with chosen.open("wb") as file:
        file.truncate(size)
    steps.open_camera(phone, "vin_stamped").set_input_files(chosen)
    expect(phone.page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    assert steps.kept(phone.page) == 0
    steps.take(phone, "vin_stamped", file_of(tmp_path, photos.jpeg()))
    expect(phone.page.get_by_text(said)).to_have_count(0)


def test_what_is_no_photo_is_said_to_be_none_and_costs_nothing_else(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    steps.begin(phone)
    steps.take(phone, "vin_plate", file_of(tmp_path, b"GIF89a and then nothing of the kind" * 40))
    steps.take(phone, "vin_stamped", file_of(tmp_path, photos.jpeg()))
    expect(phone.page.get_by_text("1 was refused")).to_be_visible()
    steps.enter_vin(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    [arrived] = phone.call("GET", f"/inspections/{inspection_id}")["evidence"]
    assert arrived["shot"] == "vin_stamped"


def test_a_phone_without_room_says_so_and_keeps_what_it_has(phone: Phone, tmp_path: Path) -> None:
    devtools: Any = phone.context.new_cdp_session(phone.page)
    # Before the first photo: the engine remembers for a while how much room there was.
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.url, "quotaSize": 4 * MB})
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, photos.jpeg()))
    large = photos.with_comments(photos.jpeg(), 8 * MB)
    steps.open_camera(phone, "vin_plate").set_input_files(file_of(tmp_path, large))
    expect(phone.page.get_by_role("alert").filter(has_text="The phone is full")).to_be_visible()
    assert steps.kept(phone.page) == 1
    steps.review(phone)
    expect(steps.photos(phone)).to_have_count(1)


def test_what_is_typed_on_a_full_phone_is_said_to_wait_and_kept_once_there_is_room(phone: Phone) -> None:
    page = phone.page
    # Not by the engine's quota: it remembers for a while how much room there was.
    page.add_init_script(FULL)
    steps.begin(phone)
    steps.open_page(phone, "worry")
    page.evaluate("isFull = true")
    page.locator("#worry").fill("The rivets look new")
    expect(page.get_by_text("The phone is full")).to_be_visible()
    page.get_by_role("button", name="Done", exact=True).tap()
    page.wait_for_url(steps.REVIEW)
    # Seen as if it were kept, and told that it is not.
    expect(page.get_by_text("The rivets look new")).to_be_visible()
    expect(page.get_by_text("The phone is full")).to_be_visible()

    page.evaluate("isFull = false")
    expect(page.get_by_text("The phone is full")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("The rivets look new")).to_be_visible()


def test_photos_from_the_gallery_come_by_a_share_also_offline(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    page = phone.page
    phone.open()
    shared = [file_of(tmp_path, photos.jpeg(640 + number, 480), f"{number}.jpg") for number in range(3)]
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    steps.share(phone, *shared)
    page.get_by_role("combobox").first.select_option(label=SLOTS["en"]["vin_stamped"])
    page.get_by_role("button", name="Leave photo 3 out").tap()
    page.get_by_role("button", name="Add to the check").tap()
    expect(steps.photos(phone)).to_have_count(2)
    phone.context.set_offline(False)
    steps.enter_vin(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    arrived = phone.call("GET", f"/inspections/{inspection_id}")["evidence"]
    assert {one["shot"] for one in arrived} == {"vin_stamped", "other"}
    phone.open("/shared")
    expect(page.get_by_text("There is nothing here")).to_be_visible()
